/**
 * What woven code calls: spans, the context of a thread, propagation, sampling, RED series and ids
 * for logs.
 *
 * <p>Lives on the bootstrap search path and has no dependency, so that every class loader reaches
 * it. Called on application threads: nothing here blocks, does I/O or logs. A span is one object
 * and its attribute array; nothing else is allocated once a route has been seen.
 */
package io.sonde.core;
