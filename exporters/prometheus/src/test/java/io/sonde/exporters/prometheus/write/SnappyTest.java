package io.sonde.exporters.prometheus.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compressed here, Snappy's own library reads. */
final class SnappyTest {
  private final Snappy snappy = new Snappy();

  private int roundTrip(byte[] bytes, int length) throws Exception {
    byte[] compressed = snappy.compress(bytes, length);
    assertArrayEquals(
        Arrays.copyOf(bytes, length), org.xerial.snappy.Snappy.uncompress(compressed));
    return compressed.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 59, 60, 61, 256, 257, 65_535, 65_536, 65_537, 200_000})
  void anyLength_ofOneByte_andOfNoise(int length) throws Exception {
    byte[] same = new byte[length + 7];
    roundTrip(same, length);
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    int compressed = roundTrip(noise, length);
    assertTrue(compressed <= 32 + length + length / 6, () -> length + " became " + compressed);
  }

  @Test
  void mixturesOfOldAndNew_areTheSameAfterwards() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(1 << 4 + random.nextInt(14))];
      int at = 0;
      while (at < bytes.length) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(150));
        if (at > 0 && random.nextInt(3) > 0) {
          int from = Math.max(0, at - 1 - random.nextInt(random.nextBoolean() ? 100 : 70_000));
          for (int i = 0; i < length; i++) {
            bytes[at + i] = bytes[from + i];
          }
        } else {
          for (int i = 0; i < length; i++) {
            bytes[at + i] = (byte) random.nextInt();
          }
        }
        at += length;
      }
      roundTrip(bytes, bytes.length);
    }
  }

  @Test
  void labels_becomeAFractionOfThemselves() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      text.append("__name__http_server_request_duration_seconds_bucket")
          .append("http_route/orders/{id}job shop le")
          .append(i);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
    int compressed = roundTrip(bytes, bytes.length);
    assertTrue(compressed * 5 < bytes.length, () -> bytes.length + " became " + compressed);
  }
}
