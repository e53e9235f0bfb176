/** Sends what core queued over OTLP. Runs on agent threads only. */
package io.sonde.exporters.otlp;
