/** Kafka clients from the oldest to the newest against a real broker. */
package io.sonde.libraries.kafka;
