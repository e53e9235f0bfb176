package io.sonde.samples.shop;

import java.math.BigDecimal;

/** Something to buy. */
public record Product(long id, String name, BigDecimal price) {}
