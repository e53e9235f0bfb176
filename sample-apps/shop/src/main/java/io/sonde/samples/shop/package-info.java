/**
 * A shop in two services: {@code shop} sells, {@code stock} (profile of that name) counts what is
 * left. They know nothing of tracing: what is seen of them is the agent's work.
 */
@NullMarked
package io.sonde.samples.shop;

import org.jspecify.annotations.NullMarked;
