package io.sonde.profiler.pprof;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;

/** Prints what it costs to fold and encode a window; run by hand. */
final class EncodingCost {
  private EncodingCost() {}

  private static Profile window(int samples, long[] nanos) {
    Random random = new Random(1);
    Profile profile = new Profile(ProfileType.ALLOC_IN_NEW_TLAB);
    String[] classes = new String[400];
    Arrays.setAll(classes, i -> "com.acme.shop.module" + i % 20 + ".Service" + i);
    long start = cpu();
    for (int i = 0; i < 1000; i++) {
      int[] frames = new int[48];
      for (int at = 0; at < frames.length; at++) {
        // Stacks share their roots, as real ones do.
        int choice = at > 12 ? at : random.nextInt(400);
        frames[at] =
            profile.frame(
                classes[choice], "method" + choice % 7, "()V", null, choice, FrameKind.JAVA);
      }
      int stack = profile.stack(frames, frames.length, false);
      for (int sample = 0; sample < samples; sample++) {
        profile.add(stack, 1 + random.nextInt(2000), 5, 6, "GET /items/{id}", 1, 65536);
      }
    }
    nanos[0] = cpu() - start;
    return profile;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  public static void main(String[] args) {
    long[] fold = new long[1];
    for (int samples : new int[] {1, 5}) {
      for (int round = 0; round < 60; round++) {
        Profile profile = window(samples, fold);
        long start = cpu();
        byte[] bytes = profile.encode(1, 1);
        long encode = cpu() - start;
        if (round == 0 || round % 20 == 19) {
          System.out.printf(
              "1000 stacks of 48, %d samples each, round %d: CPU to fold %.1f ms, to encode %.1f ms, %d bytes%n",
              samples, round, fold[0] / 1e6, encode / 1e6, bytes.length);
        }
      }
    }
  }
}
