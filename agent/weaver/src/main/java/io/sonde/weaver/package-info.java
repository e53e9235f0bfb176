/**
 * Weaves calls into classes as they are loaded: an index of target names, a class-file transformer,
 * and the definition of instrumentation classes in the loaders of the libraries they are for.
 *
 * <p>Runs on whichever thread loads a class, inside that thread's class loading. A class that is
 * not a target costs one look-up in a hash table and nothing else. Nothing here holds a lock while
 * it calls a class loader.
 */
package io.sonde.weaver;
