/**
 * Server spans for com.sun.net.httpserver.
 *
 * <p>Defined in the boot loader on JDK 8 and in the platform loader from 9 on. Called on the
 * server's dispatcher, its executor's threads and whichever threads answer.
 */
package io.sonde.instrumentation.jdk.httpserver;
