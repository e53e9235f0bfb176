package io.sonde.profiler.pprof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ReceivedProfile;
import io.sonde.testing.ReceivedProfile.Frame;
import io.sonde.testing.ReceivedProfile.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a reader finds in an encoded profile. */
final class ProfileTest {
  private static final long START = 1_800_000_000_000_000_000L;

  private final Profile profile = new Profile(ProfileType.CPU);

  private int java(String type, String method, int line) {
    return profile.frame(type, method, null, null, line, FrameKind.JAVA);
  }

  private static ReceivedProfile read(Profile profile) {
    return ReceivedProfile.of(
        Map.of("__name__", profile.type().series()), profile.encode(START, 15_000_000_000L));
  }

  private Sample only() {
    List<Sample> samples = read(profile).samples();
    assertEquals(1, samples.size(), samples::toString);
    return samples.get(0);
  }

  private static int stack(Profile profile, int... frames) {
    return profile.stack(frames, frames.length, false);
  }

  @Test
  void types_areThoseThatPyroscopesDashboardsAskFor() {
    List<String> types = new ArrayList<>();
    for (ProfileType type : ProfileType.values()) {
      types.addAll(read(new Profile(type)).types());
    }
    assertEquals(
        List.of(
            "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
            "memory:alloc_in_new_tlab_objects:count:space:bytes",
            "memory:alloc_in_new_tlab_bytes:bytes:space:bytes",
            "memory:alloc_outside_tlab_objects:count:space:bytes",
            "memory:alloc_outside_tlab_bytes:bytes:space:bytes",
            "memory:alloc_objects:count:space:bytes",
            "memory:alloc_space:bytes:space:bytes",
            "memory:inuse_objects:count:space:bytes",
            "memory:inuse_space:bytes:space:bytes",
            "mutex:contentions:count:mutex:count",
            "mutex:delay:nanoseconds:mutex:count",
            "block:contentions:count:block:count",
            "block:delay:nanoseconds:block:count",
            "wall:wall:nanoseconds:wall:nanoseconds",
            "exception:exceptions:count:exceptions:count",
            "goroutine:goroutine:count:goroutine:count"),
        types);
  }

  @Test
  void addAll_addsUpByStack_withSpansOrWithout() {
    int leaf = java("com.acme.Shop", "price", 42);
    profile.add(stack(profile, leaf, java("com.acme.Main", "main", 7)), 1, 2, 3, "GET /", 20, 0);
    Profile other = new Profile(ProfileType.CPU);
    int root = other.frame("com.acme.Main", "main", null, null, 7, FrameKind.JAVA);
    int price = other.frame("com.acme.Shop", "price", null, "Prices.kt", 42, FrameKind.JAVA);
    int list = other.frame("com.acme.Shop", "list", null, "Prices.kt", 1, FrameKind.JAVA);
    other.add(stack(other, price, root), 1, 2, 3, "GET /", 30, 0);
    other.add(stack(other, list, root), 4, 2, 3, "GET /", 50, 0);
    other.add(stack(other, list, root), 5, 2, 3, "GET /", 60, 0);
    Profile without = new Profile(ProfileType.CPU);
    without.addAll(profile, false);
    without.addAll(other, false);
    profile.addAll(other, true);
    List<Sample> samples = read(profile).samples();
    assertEquals(List.of(50L, 50L, 60L), samples.stream().map(s -> s.values().get(0)).toList());
    assertEquals("0000000000000001", samples.get(0).label("span_id"));
    assertEquals("com/acme/Prices.kt", samples.get(1).stack().get(0).file());
    assertEquals("com/acme/Shop.list", samples.get(1).stack().get(0).name());
    assertEquals("com/acme/Main.main", samples.get(1).stack().get(1).name());
    samples = read(without).samples();
    assertEquals(List.of(50L, 110L), samples.stream().map(s -> s.values().get(0)).toList());
    assertEquals("", samples.get(1).label("span_id"));
    assertEquals("GET /", samples.get(1).label("endpoint"));
  }

  /** However many windows are added, the profile stays one that a server takes. */
  @Test
  void addAll_ofMoreThanThereIsRoomFor_keepsTheSum() {
    for (int window = 0; window < 3; window++) {
      Profile other = new Profile(ProfileType.CPU);
      for (int i = 0; i < 10_000; i++) {
        int frame = other.frame("A" + window, "a" + i, null, null, i, FrameKind.JAVA);
        other.add(stack(other, frame), 0, 0, 0, null, 1, 0);
      }
      profile.addAll(other, true);
    }
    List<Sample> samples = read(profile).samples();
    assertTrue(samples.size() <= 16_000, () -> samples.size() + " samples");
    assertEquals(30_000, samples.stream().mapToLong(s -> s.values().get(0)).sum());
  }

  @Test
  void frame_hasClassMethodFileLine() {
    int leaf = profile.frame("com.acme.Foo$Bar", "run", "(I)V", "Foo.java", 42, FrameKind.JAVA);
    int root = profile.frame("java/lang/Thread", "run", null, null, -1, FrameKind.JAVA);
    profile.add(stack(profile, leaf, root), 0, 0, 0, null, 20_000_000, 0);
    assertEquals(
        List.of(
            new Frame(
                "com/acme/Foo$Bar.run",
                "com/acme/Foo$Bar.run(I)V",
                "com/acme/Foo.java",
                42,
                "[java]"),
            new Frame(
                "java/lang/Thread.run",
                "java/lang/Thread.run",
                "java/lang/Thread.java",
                0,
                "[java]")),
        only().stack());
  }

  @Test
  void window_isSaid() {
    profile.period(20_000_000);
    ReceivedProfile read = read(profile);
    assertEquals(START, read.epochNanos());
    assertEquals(15_000_000_000L, read.durationNanos());
    assertEquals(20_000_000, read.period());
  }

  @Test
  void labels_areHexWithAllDigits_andAbsentOutsideOfSpans() {
    int stack = stack(profile, java("A", "a", 1));
    profile.add(stack, 0x1F, 0x2E, 0x3D, "GET /items/{id}", 1, 0);
    profile.add(stack, 0, 0, 0, null, 2, 0);
    List<Sample> samples = read(profile).samples();
    assertEquals(
        Map.of(
            "span_id", "000000000000001f",
            "trace_id", "000000000000002e000000000000003d",
            "endpoint", "GET /items/{id}"),
        samples.get(0).labels());
    assertEquals(Map.of(), samples.get(1).labels());
  }

  @Test
  void sameStackAndSpan_areOneSample_otherwiseNot() {
    Profile memory = new Profile(ProfileType.ALLOC_IN_NEW_TLAB);
    int a = memory.frame("A", "a", null, null, 1, FrameKind.JAVA);
    int b = memory.frame("B", "b", null, null, 1, FrameKind.JAVA);
    assertEquals(a, memory.frame("A", "a", null, null, 1, FrameKind.JAVA));
    assertEquals(stack(memory, a, b), stack(memory, a, b));
    memory.add(stack(memory, a, b), 7, 1, 1, "/", 1, 100);
    memory.add(stack(memory, a, b), 7, 1, 1, "/", 2, 200);
    memory.add(stack(memory, b, a), 7, 1, 1, "/", 4, 400);
    memory.add(stack(memory, a, b), 8, 1, 1, "/", 8, 800);
    memory.add(stack(memory, a, b), 7, 1, 1, "/other", 16, 1600);
    memory.add(stack(memory, a), 7, 1, 1, "/", 32, 3200);
    assertEquals(
        List.of(
            List.of(3L, 300L),
            List.of(4L, 400L),
            List.of(8L, 800L),
            List.of(16L, 1600L),
            List.of(32L, 3200L)),
        read(memory).samples().stream().map(Sample::values).toList());
  }

  @Test
  void overloadsAndLines_areTwoFrames() {
    Set<Integer> frames = new HashSet<>();
    frames.add(profile.frame("A", "a", "()V", null, 1, FrameKind.JAVA));
    frames.add(profile.frame("A", "a", "(I)V", null, 1, FrameKind.JAVA));
    frames.add(profile.frame("A", "a", "(I)V", null, 2, FrameKind.JAVA));
    frames.add(profile.frame("A", "a", "(I)V", null, 2, FrameKind.NATIVE));
    assertEquals(4, frames.size());
  }

  @Test
  void nativeFramesAndTruncatedStacks_areMarked() {
    int read = profile.frame("java.io.FileInputStream", "read0", null, null, 0, FrameKind.NATIVE);
    int libc = profile.frame("", "__read", null, null, 0, FrameKind.NATIVE);
    int[] frames = {libc, read, java("A", "a", 1)};
    profile.add(profile.stack(frames, 3, true), 0, 0, 0, null, 1, 0);
    List<Frame> stack = only().stack();
    assertEquals(
        List.of("__read", "java/io/FileInputStream.read0", "A.a", "[truncated]"),
        stack.stream().map(Frame::name).toList());
    assertEquals(
        List.of("[native]", "[native]", "[java]", "[java]"),
        stack.stream().map(Frame::mapping).toList());
    assertEquals("", stack.get(0).file());
  }

  @Test
  void allocatedClass_isALeafOfItsOwn() {
    int bytes = profile.frame("byte[]", "", null, null, 0, FrameKind.CLASS);
    profile.add(stack(profile, bytes, java("A", "a", 1)), 0, 0, 0, null, 1, 0);
    assertEquals("byte[]", only().stack().get(0).name());
  }

  @Test
  void numbersOfGeneratedClasses_areTakenOut() {
    Map<String, String> names =
        Map.of(
            "com.acme.Foo$$Lambda$123/0x00007f0012345678.run", "com/acme/Foo$$Lambda.run",
            "com.acme.Foo$$Lambda.0x00007f0012345678.run", "com/acme/Foo$$Lambda.run",
            "jdk.internal.reflect.GeneratedMethodAccessor31.invoke",
                "jdk/internal/reflect/GeneratedMethodAccessor.invoke",
            "jdk.proxy2.$Proxy77.run", "jdk/proxy2/$Proxy.run",
            "java.lang.invoke.LambdaForm$MH/0x0000000800c8.invoke",
                "java/lang/invoke/LambdaForm$MH.invoke",
            "com.acme.Base64.run", "com/acme/Base64.run",
            "com.acme.Foo$1.run", "com/acme/Foo$1.run");
    names.forEach(
        (given, expected) -> {
          Profile one = new Profile(ProfileType.CPU);
          int dot = given.lastIndexOf('.');
          int frame =
              one.frame(
                  given.substring(0, dot), given.substring(dot + 1), null, null, 1, FrameKind.JAVA);
          one.add(stack(one, frame), 0, 0, 0, null, 1, 0);
          assertEquals(expected, read(one).samples().get(0).stack().get(0).name(), given);
        });
  }

  @Test
  void file_isGuessedFromTheOuterClass() {
    profile.add(
        stack(
            profile,
            java("a.b.Outer$Inner$1", "x", 1),
            java("a.MainKt", "main", 2),
            java("$C", "y", 3)),
        0,
        0,
        0,
        null,
        1,
        0);
    assertEquals(
        List.of("a/b/Outer.java", "a/Main.kt", "$C.java"),
        only().stack().stream().map(Frame::file).toList());
  }

  @Test
  void hostileNames_areBoundedAndValidUtf8() {
    String half = "A\uD83D";
    String whole = "é漢😀";
    String huge = "x".repeat(60_000);
    profile.add(stack(profile, java(half, whole, 1), java(huge, huge, 1)), 0, 0, 0, huge, 1, 0);
    List<Frame> stack = only().stack();
    assertEquals("A?." + whole, stack.get(0).name());
    assertTrue(stack.get(1).name().length() < 3000);
    assertEquals(512, only().label("endpoint").length());
  }

  /** What tells the labels behind a route apart is in no route, unless somebody wants trouble. */
  @Test
  void routeOfControlCharacters_costsNoProfile() {
    for (String route :
        List.of("\u0001", "\u0002", "/a\u0001b", "/a\u0002b", "\u0002\u0001\u0001")) {
      Profile profile = new Profile(ProfileType.CPU);
      int frame = profile.frame("com.acme.Foo", "bar", null, null, 7, FrameKind.JAVA);
      profile.add(profile.stack(new int[] {frame}, 1, false), 1, 2, 3, route, 4, 0);
      assertEquals(4, ReceivedProfile.of(Map.of(), profile.encode(1, 2)).sum(0, sample -> true));
    }
  }

  @Test
  void tooManySpans_loseTheSpanAndNotTheValue() {
    int[] stacks = new int[50];
    for (int i = 0; i < stacks.length; i++) {
      stacks[i] = stack(profile, java("A", "a", i + 1));
    }
    for (int i = 0; i < 30_000; i++) {
      boolean kept = profile.add(stacks[i % 50], i + 1L, 1, i, null, 10, 0);
      assertEquals(i < 12_000, kept);
    }
    assertTrue(profile.add(stacks[0], 1, 1, 0, null, 0, 0), "it has a sample of that span");
    assertFalse(profile.add(stacks[0], 0, 0, 0, null, 0, 0));
    ReceivedProfile read = read(profile);
    assertTrue(read.samples().size() <= 16_000, "samples: " + read.samples().size());
    assertEquals(300_000, read.sum(0, sample -> true));
    assertEquals(120_000, read.sum(0, sample -> !sample.label("span_id").isEmpty()));
    assertEquals(18_000, profile.overflow());
    assertEquals(6_000, read.sum(0, sample -> sample.stack().get(0).line() == 1));
  }

  @Test
  void tooManyStacksAndFrames_areOther_andTheSumStays() {
    for (int i = 0; i < 60_000; i++) {
      int frame = java("A" + i, "a", i + 1);
      profile.add(stack(profile, frame, java("Root", "run", 1)), 0, 0, 0, null, 10, 0);
    }
    ReceivedProfile read = read(profile);
    assertEquals(600_000, read.sum(0, sample -> true));
    assertTrue(read.samples().size() <= 16_000, "samples: " + read.samples().size());
    assertTrue(read.rawBytes() < 4 << 20, "bytes: " + read.rawBytes());
    assertTrue(read.sum(0, sample -> sample.has("[other]")) >= 400_000);
    assertTrue(profile.overflow() >= 40_000, "overflow " + profile.overflow());
  }

  @Test
  void deepStack_isCutAndMarked() {
    int[] frames = new int[3000];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = java("A", "a", i + 1);
    }
    profile.add(profile.stack(frames, frames.length, false), 0, 0, 0, null, 1, 0);
    List<Frame> stack = only().stack();
    assertEquals(1000, stack.size());
    assertEquals("[truncated]", stack.get(999).name());
    assertEquals(1, stack.get(0).line());
  }

  @Test
  void tooManyEndpoints_areOther() {
    int stack = stack(profile, java("A", "a", 1));
    for (int i = 0; i < 5000; i++) {
      profile.add(stack, 0, 0, 0, "/" + i, 1, 0);
    }
    profile.add(stack, 0, 0, 0, "/7", 1, 0);
    ReceivedProfile read = read(profile);
    assertEquals(1001, read.samples().size());
    assertEquals(4000, read.sum(0, sample -> sample.label("endpoint").equals("[other]")));
    assertEquals(2, read.sum(0, sample -> sample.label("endpoint").equals("/7")));
  }

  @Test
  void empty_isEmpty_andStillValid() {
    assertTrue(profile.isEmpty());
    assertEquals(List.of(), read(profile).samples());
    profile.add(stack(profile, java("A", "a", 1)), 0, 0, 0, null, 1, 0);
    assertFalse(profile.isEmpty());
  }
}
