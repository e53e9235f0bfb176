/**
 * Finds out what process this is: service, host, process, container, pod.
 *
 * <p>Runs on an agent thread when the first span is there. Reads a few small files, resolves no
 * name unless nothing else tells the host's, and takes what it cannot read as absent.
 */
package io.sonde.agent.resource;
