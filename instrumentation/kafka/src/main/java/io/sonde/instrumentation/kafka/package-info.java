/**
 * Kafka's own clients, 2.0 to 4.
 *
 * <p>A send is a span from the call to the broker's answer. A polled record is worked on while the
 * application's loop over {@code ConsumerRecords} holds it, so the loop's iterator starts and ends
 * the span. All of it runs on the application's threads and the producer's sender thread.
 */
package io.sonde.instrumentation.kafka;
