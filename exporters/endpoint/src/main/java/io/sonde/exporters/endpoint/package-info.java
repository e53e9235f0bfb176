/**
 * The agent's own HTTP server: a few pages for scrapers and probes, over plain sockets.
 *
 * <p>One daemon thread accepts and watches; a request gets a daemon thread of its own that ends
 * with it. Connections, time and sizes are bounded, so that no client can make it hold more. No
 * class of jdk.httpserver, which a runtime may lack, and nothing of java.util.logging.
 */
package io.sonde.exporters.endpoint;
