/** Writes the index of targets while instrumentations are compiled. */
package io.sonde.weaver.processor;
