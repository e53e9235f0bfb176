/**
 * What the agent costs: the same applications without an agent, with Sonde and with the
 * OpenTelemetry agent, in one run.
 *
 * <p>Whole runs of the same thing differ by more than what is to be seen. So starts are compared
 * round by round, load goes in short slices to servers that are all alive, and a second server
 * without an agent shows how much of a difference is noise.
 */
@NullMarked
package io.sonde.overhead;

import org.jspecify.annotations.NullMarked;
