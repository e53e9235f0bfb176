/**
 * What stands in the agent's jar where OpenTelemetry and OkHttp expect {@code java.util.logging}.
 *
 * <p>The JDK's logging belongs to the application: set up too early it ignores the application's
 * manager, and in a small runtime it is absent. The build relocates the references of the shaded
 * libraries to here. What they would log is known to the exporter anyway, which says it in the
 * agent's own way.
 */
package io.sonde.exporters.otlp.logging;
