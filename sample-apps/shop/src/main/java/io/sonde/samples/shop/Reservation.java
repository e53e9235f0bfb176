package io.sonde.samples.shop;

/** A wish to take goods out of the stock. */
record Reservation(int quantity) {}
