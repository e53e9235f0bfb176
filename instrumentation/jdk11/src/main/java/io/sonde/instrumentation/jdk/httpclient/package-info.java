/**
 * Client spans for java.net.http.
 *
 * <p>Defined in the platform loader, called on the application's threads and where a response
 * completes on the client's own.
 */
package io.sonde.instrumentation.jdk.httpclient;
