/** The application's own metrics, and the metrics of its pools. */
package io.sonde.libraries.metrics;
