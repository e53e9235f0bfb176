package io.sonde.profiler.pprof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ReceivedProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** Whatever is in a window, a server that takes 2 MiB of a tenant at once takes all of it. */
final class ServersBoundTest {
  private static final long START = 1_800_000_000_000_000_000L;
  private static final int DEPTH = 128;

  private final Profile profile = new Profile(ProfileType.ALLOC_IN_NEW_TLAB);

  private List<ReceivedProfile> sent() {
    List<ReceivedProfile> all = new ArrayList<>();
    for (byte[] pprof : profile.encodeForServer(START, 15_000_000_000L, Deflater.BEST_SPEED)) {
      ReceivedProfile read = ReceivedProfile.of(Map.of("__name__", "memory"), pprof);
      assertTrue(read.rawBytes() <= 1 << 20, () -> read.rawBytes() + " bytes");
      assertEquals(START + all.size() * 1_000_000L, read.epochNanos());
      assertEquals(15_000_000_000L, read.durationNanos());
      assertEquals(profile.period, read.period());
      all.add(read);
    }
    return all;
  }

  private int frame(int i) {
    String type = "com.acme.warehouse.fulfilment." + "Long".repeat(20) + "Name" + i / 8;
    return profile.frame(type, "method" + i % 8, "(Ljava/lang/Object;)V", null, i, FrameKind.JAVA);
  }

  @Test
  void smallWindow_isOneProfile() {
    profile.add(profile.stack(new int[] {frame(1)}, 1, false), 1, 2, 3, "/", 4, 5);
    assertEquals(1, sent().size());
  }

  @Test
  void fullWindow_isSeveral_withTheSameSamples() {
    int[] frames = new int[DEPTH];
    int stacks = 4000;
    for (int i = 0; i < 12_000; i++) {
      for (int at = 0; at < DEPTH; at++) {
        frames[at] = frame((i % stacks * 5 + at * 7) % 30_000);
      }
      int stack = profile.stack(frames, DEPTH, false);
      assertTrue(profile.depth(stack) == DEPTH, "has room");
      profile.add(stack, i + 1L, 77, i, "GET /" + i % 100, i + 1, 2L * i);
    }
    profile.period(524_288);
    ReceivedProfile whole = ReceivedProfile.of(Map.of(), profile.encode(START, 1));
    assertTrue(whole.rawBytes() > 8 << 20, () -> whole.rawBytes() + " bytes");
    List<ReceivedProfile> sent = sent();
    assertTrue(sent.size() > 2, () -> sent.size() + " profiles");
    List<ReceivedProfile.Sample> samples = new ArrayList<>();
    sent.forEach(part -> samples.addAll(part.samples()));
    assertEquals(whole.samples(), samples);
    assertEquals(0, profile.overflow());
  }

  /** One stack in many spans is written as often. */
  @Test
  void deepStackInManySpans_isSeveral_andTheSumStays() {
    int[] frames = new int[Stacks.MAX_DEPTH];
    for (int at = 0; at < frames.length; at++) {
      frames[at] = frame(at);
    }
    int stack = profile.stack(frames, frames.length, false);
    for (int i = 0; i < 4000; i++) {
      profile.add(stack, i + 1L, 77, i, null, 1, 100);
    }
    Map<String, Long> bytes = new HashMap<>();
    for (ReceivedProfile part : sent()) {
      for (ReceivedProfile.Sample sample : part.samples()) {
        bytes.merge(sample.label("span_id"), sample.values().get(1), Long::sum);
        assertEquals(frames.length, sample.stack().size());
      }
    }
    assertEquals(4000, bytes.size());
    assertEquals(400_000, bytes.values().stream().mapToLong(value -> value).sum());
  }

  @Test
  void stackThatIsTooMuchByItself_isOther() {
    int[] frames = new int[Stacks.MAX_DEPTH];
    for (int at = 0; at < frames.length; at++) {
      String name = at + "x".repeat(3000);
      frames[at] = profile.frame(name, name, "(L" + name + ";)V", null, at, FrameKind.JAVA);
    }
    profile.add(profile.stack(new int[] {frame(1)}, 1, false), 0, 0, 0, null, 1, 10);
    profile.add(profile.stack(frames, frames.length, false), 7, 8, 9, "/", 2, 20);
    List<ReceivedProfile> sent = sent();
    assertEquals(2, sent.size());
    ReceivedProfile.Sample sample = sent.get(1).samples().get(0);
    assertTrue(sample.has("[other]"));
    assertEquals(List.of(2L, 20L), sample.values());
    assertEquals("0000000000000007", sample.label("span_id"));
    assertEquals("/", sample.label("endpoint"));
  }
}
