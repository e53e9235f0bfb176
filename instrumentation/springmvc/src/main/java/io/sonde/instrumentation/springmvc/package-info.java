/**
 * The route of a request that Spring MVC handles: the pattern of the mapping that matched, behind
 * the paths of the application and of the dispatcher servlet.
 *
 * <p>Runs on the threads that serve requests; allocates once for each route.
 */
package io.sonde.instrumentation.springmvc;
