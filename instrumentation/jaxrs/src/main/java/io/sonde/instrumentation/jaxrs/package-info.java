/**
 * The route of a request that a JAX-RS resource handles: the templates of its paths, behind the
 * path of the JAX-RS application.
 *
 * <p>Runs on the threads that serve requests; what was found for a method is kept with it.
 */
package io.sonde.instrumentation.jaxrs;
