package io.sonde.samples.shop;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What was asked for does not exist: 404. */
@ResponseStatus(HttpStatus.NOT_FOUND)
class NotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotFoundException(String what) {
    super(what + " does not exist");
  }
}
