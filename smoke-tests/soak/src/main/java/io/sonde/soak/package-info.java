/**
 * Applications under load and under the agent for long, with servers that come and go: what leaves
 * the agent is counted on both sides, and what it holds is measured from outside.
 */
@NullMarked
package io.sonde.soak;

import org.jspecify.annotations.NullMarked;
