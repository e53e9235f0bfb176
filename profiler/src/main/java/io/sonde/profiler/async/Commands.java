package io.sonde.profiler.async;

import java.io.IOException;

/** Runs one command, in async-profiler's own words. */
interface Commands {
  String execute(String command) throws IOException;
}
