/**
 * The application's pools: connections and workers, found by instrumentations and read when
 * somebody scrapes.
 *
 * <p>Pools are held weakly and so are the class loaders that they came from: what knows how to read
 * a pool hangs on the pool's own class. Recording how long a connection took allocates nothing but
 * what the JVM adds to a counter that many threads count up at once.
 */
package io.sonde.core.pools;
