/**
 * Client spans for Apache HttpClient 5.
 *
 * <p>Defined in the library's class loader; the asynchronous client calls on its own threads too.
 */
package io.sonde.instrumentation.apachehttpclient5;
