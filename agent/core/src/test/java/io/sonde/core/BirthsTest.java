package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.database.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which thread is which birth, by when they were made and when they started. */
class BirthsTest {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final long MAKER = 1;
  private static final long SPEAKING = 99;
  private static final long MILLI = 1_000_000;
  private static final long MINUTE = 60_000 * MILLI;

  private Recording recording;
  private DatabaseSpan one;
  private DatabaseSpan two;

  @BeforeEach
  void start() {
    recording = Recording.all();
    one = DatabaseSpan.start(DATABASE, null);
    two = DatabaseSpan.start(DATABASE, null);
  }

  @AfterEach
  void stop() {
    recording.close();
  }

  /** When a thread was made, in which span, and of which number it is; 0 where nobody knows. */
  private record Made(long millis, Span span, long number) {
    Made(long millis, Span span) {
      this(millis, span, 0);
    }
  }

  /** When a thread has started, and its number. */
  private record Start(double millis, long number) {}

  /** All by one thread; the numbers of those that nobody knew by span. */
  private Map<Long, Span> after(List<Made> made, List<Start> starts) {
    Births all = new Births();
    Map<Birth, Span> unknown = new LinkedHashMap<>();
    for (Made each : made) {
      Birth birth = new Birth(1, MAKER, each.millis * MILLI, each.span);
      if (each.number != 0) {
        birth.belongsTo(each.number);
      } else if (each.span != null) {
        unknown.put(birth, each.span);
      }
      all.add(birth);
    }
    List<ThreadStart> told = new ArrayList<>();
    starts.forEach(
        s -> told.add(new ThreadStart(s.number, MAKER, (long) (s.millis * MILLI), false)));
    all.match(told, MINUTE, Set.of(SPEAKING));
    Map<Long, Span> found = new TreeMap<>();
    unknown.forEach(
        (birth, span) -> {
          if (!birth.isNobodys()) {
            found.put(birth.thread(), span);
          }
        });
    return found;
  }

  @Test
  void startedInAnyOrder_numbersSay() {
    assertEquals(
        Map.of(11L, one, 12L, two, 13L, two),
        after(
            List.of(new Made(10, one), new Made(11, two), new Made(20, two)),
            List.of(new Start(11.1, 12), new Start(30, 11), new Start(20.1, 13))));
  }

  @Test
  void neverStarted_takesNothingFromOthers() {
    assertEquals(
        Map.of(12L, two, 13L, one),
        after(
            List.of(new Made(10, one), new Made(50, two), new Made(60, one)),
            List.of(new Start(50.1, 12), new Start(60.1, 13))));
  }

  @Test
  void madeOutsideOfSpans_takesNothingFromOthersHoweverLateTheyStart() {
    assertEquals(
        Map.of(12L, one),
        after(
            List.of(new Made(9, null), new Made(10, one), new Made(11, null)),
            List.of(new Start(10.5, 11), new Start(17, 12), new Start(11.2, 13))));
  }

  @Test
  void inheritingNothing_takesNothingFromOthers() {
    assertEquals(
        Map.of(12L, one, 14L, two),
        after(
            List.of(new Made(10, one), new Made(500, two)),
            List.of(
                new Start(5, 11), new Start(10.1, 12), new Start(300, 13), new Start(500.1, 14))));
  }

  @Test
  void thoseWhoAreKnown_helpToTellOthers() {
    assertEquals(
        Map.of(11L, one, 13L, one),
        after(
            List.of(new Made(10, one), new Made(11, two, 12), new Made(12, one)),
            List.of(new Start(15, 11), new Start(14, 12), new Start(13, 13))));
  }

  @Test
  void whatIsSure_comesFirst() {
    assertEquals(
        Map.of(),
        after(
            List.of(new Made(10, one), new Made(11, two, 12)),
            List.of(new Start(300, 12), new Start(12, 13))));
  }

  @Test
  void threadThatBeganToSpeakByItself_isNobodysChild() {
    assertEquals(Map.of(), after(List.of(new Made(10, one)), List.of(new Start(10.1, SPEAKING))));
  }

  @Test
  void birthAfterTheStart_isAnothers() {
    Made justAfter = new Made(11, two);
    assertEquals(
        Map.of(12L, one),
        after(List.of(new Made(10, one), justAfter), List.of(new Start(10.9, 12))));
    assertEquals(Map.of(12L, two), after(List.of(justAfter), List.of(new Start(10.9, 12))));
  }

  @Test
  void tooMany_areForgottenAndUseNoRoom() {
    List<Made> births = new ArrayList<>();
    List<Start> starts = new ArrayList<>();
    for (int i = 0; i < 1001; i++) {
      births.add(new Made(i, one));
      starts.add(new Start(i + 0.1, 100 + i));
    }
    Map<Long, Span> found = after(births, starts);
    assertEquals(Set.of(-1L), found.keySet());
  }

  @Test
  void startBeforeAnyBirth_isNobodys() {
    assertEquals(Map.of(), after(List.of(new Made(10, one)), List.of(new Start(9, 11))));
  }

  @Test
  void thoseOfWhichNobodyTells_areBounded() {
    Births all = new Births();
    int count = 0;
    while (all.hasRoom()) {
      all.add(new Birth(1, MAKER, count++, one));
    }
    assertEquals(4096, count);
    all.forgetBefore(100);
    assertTrue(all.hasRoom());
    assertFalse(all.hasRoomOutside());
  }
}
