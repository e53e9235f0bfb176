/** Finds the pools that Undertow's requests run on, so that metrics can say how busy they are. */
package io.sonde.instrumentation.xnio;
