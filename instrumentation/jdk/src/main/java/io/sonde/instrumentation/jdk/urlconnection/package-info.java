/**
 * Client spans for java.net.HttpURLConnection, plain and with TLS.
 *
 * <p>Plain classes on the boot path, called on the threads that use the connection.
 */
package io.sonde.instrumentation.jdk.urlconnection;
