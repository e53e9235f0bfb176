package io.sonde.samples.shop;

import java.math.BigDecimal;

/** An order as it was accepted. */
public record Order(long id, long productId, int quantity, BigDecimal total) {}
