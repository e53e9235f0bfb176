package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** How much is asked for of a link, by what had samples before. */
class LinkRuleTest {
  private static final long APART = 1000;

  private final LinkRule rule = new LinkRule(true, APART);
  private final Random random = new Random(4);

  private void seen(long taken, int alive, int dead) {
    for (int i = 0; i < alive + dead; i++) {
      rule.seen(taken, APART, i < alive);
    }
    rule.learn(APART);
  }

  @Test
  void nothingSeen_threeTimesTheDistance() {
    assertTrue(rule.suits(3000));
    assertFalse(rule.suits(2900));
  }

  @Test
  void nothingSeen_samplesAreTakenByOtherThings_nothingSuits() {
    LinkRule other = new LinkRule(false, APART);
    assertFalse(other.suits(1L << 40));
    window(other, APART, 50, 0);
    assertFalse(other.suits(500), "not proven yet");
    window(other, APART, 50, 0);
    assertTrue(other.suits(500));
    assertFalse(other.suits(400));
  }

  @Test
  void samplesAreTakenByOtherThings_aWindowThatWasOtherwise_nothingSuitsUntilOneWasAsBefore() {
    LinkRule other = new LinkRule(false, APART);
    window(other, APART, 200, 0);
    window(other, APART, 200, 0);
    assertTrue(other.suits(500));
    window(other, APART, 20, 5);
    assertFalse(other.suits(500));
    window(other, APART, 100, 0);
    assertTrue(other.suits(500));
    window(other, 2 * APART, 100, 0);
    assertFalse(other.suits(1000), "it may become more");
    window(other, 2 * APART, 100, 0);
    assertTrue(other.suits(1000));
  }

  private static void window(LinkRule rule, long apart, int alive, int dead) {
    for (int i = 0; i < alive + dead; i++) {
      rule.seen(apart / 2, apart, i < alive);
    }
    rule.learn(apart);
  }

  @Test
  void allHaveSamples_lessIsAskedFor_afterSome() {
    seen(1000, 3, 0);
    assertFalse(rule.suits(1000));
    seen(1000, 20, 0);
    assertTrue(rule.suits(1000));
    assertFalse(rule.suits(700));
  }

  @Test
  void tooManyHaveNone_moreIsAskedFor_untilTheyHave() {
    seen(4000, 50, 50);
    assertFalse(rule.suits(4000));
    assertTrue(rule.suits(5000));
    for (int i = 0; i < 40; i++) {
      seen(4000, 50, 0);
    }
    assertTrue(rule.suits(4000));
  }

  @Test
  void someHaveNone_manyLargerOnesHave_together() {
    seen(1000, 80, 20);
    assertFalse(rule.suits(1000));
    seen(8000, 400, 0);
    assertTrue(rule.suits(1000));
  }

  @Test
  void samplesGetRare_theDistanceSaysSo() {
    seen(1000, 50, 0);
    rule.learn(8 * APART);
    assertFalse(rule.suits(7000));
    assertTrue(rule.suits(8000));
  }

  @Test
  void neverSampled_nothingSuits() {
    rule.learn(Long.MAX_VALUE);
    assertFalse(rule.suits(1L << 40));
    assertFalse(rule.matters(1L << 40));
    assertFalse(rule.suits(0));
    assertFalse(rule.suits(-1));
  }

  @Test
  void forgotten_asIfNothingWasSeen() {
    seen(1000, 50, 0);
    rule.forget();
    rule.learn(APART);
    assertFalse(rule.suits(2900));
    assertTrue(rule.suits(3000));
  }

  /** Sampled regularly, by chance, and half as often as is thought: from the first window on. */
  @Test
  void deadLinks_areFew_howeverSamplesAreTaken() {
    assertFew("regularly", taken -> Math.min(1, taken / APART), 0.2);
    assertFew("by chance", taken -> 1 - Math.exp(-taken / APART), 0.05);
    assertFew("rarely", taken -> 1 - Math.exp(-taken / APART / 2), 0.01);
  }

  /** Spans of an average of one distance, most of them below. */
  private void assertFew(String how, DoubleUnaryOperator chance, double leastLinked) {
    LinkRule learning = new LinkRule(true, 2 * APART);
    int linked = 0;
    int dead = 0;
    int withSamples = 0;
    for (int window = 0; window < 40; window++) {
      for (int i = 0; i < 200; i++) {
        long taken = (long) (-Math.log(random.nextDouble()) * APART);
        boolean sampled = random.nextDouble() < chance.applyAsDouble((double) taken);
        withSamples += sampled ? 1 : 0;
        if (learning.suits(taken)) {
          linked++;
          dead += sampled ? 0 : 1;
        }
        learning.seen(taken, APART, sampled);
      }
      learning.learn(APART);
    }
    String seen = how + ": " + dead + " of " + linked + " dead, " + withSamples + " with samples";
    assertTrue(dead <= 0.1 * linked, seen);
    assertTrue(linked - dead >= leastLinked * withSamples, seen);
  }
}
