/**
 * What the tests of every module share: a place where telemetry arrives, the JDKs of this machine,
 * JVMs started with the agent, and class paths resolved from Maven coordinates.
 *
 * <p>Nothing here is part of the agent's jar. All waits have a deadline, and a wait that fails says
 * what was there instead.
 */
@NullMarked
package io.sonde.testing;

import org.jspecify.annotations.NullMarked;
