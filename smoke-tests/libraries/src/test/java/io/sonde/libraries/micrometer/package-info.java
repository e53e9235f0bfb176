/** Micrometer, under the agent. */
package io.sonde.libraries.micrometer;
