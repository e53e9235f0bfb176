package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.testing.ReceivedProfile;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a profile says of the classes that were allocated. */
class ClassLabelsTest {
  private final ClassLabels labels = new ClassLabels();

  private ReceivedProfile profile(String... classes) {
    Profile profile = new Profile(ProfileType.ALLOC_IN_NEW_TLAB);
    int frame = profile.frame("app.Main", "run", null, null, 1, FrameKind.JAVA);
    int stack = profile.stack(new int[] {frame}, 1, false);
    for (String name : classes) {
      profile.add(stack, 0, 0, 0, labels.with("/route", labels.number(name)), 1, 16);
    }
    return ReceivedProfile.of(Map.of(), profile.encode(1, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "[B, byte[]",
    "[[J, long[][]",
    "[Ljava.lang.String;, java/lang/String[]",
    "java.lang.String, java/lang/String",
    "app.Main$$Lambda/0x0000700001, app/Main$$Lambda",
    "[Z, boolean[]"
  })
  void className_isReadable(String jvms, String expected) {
    assertEquals(expected, profile(jvms).samples().get(0).label("class"));
  }

  @Test
  void manyClasses_shareOneLabel() {
    String[] classes = new String[200];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = "app.Type" + i;
    }
    Map<String, Long> objects = new TreeMap<>();
    profile(classes).samples().forEach(s -> objects.put(s.label("class"), s.values().get(0)));
    assertEquals(51, objects.size());
    assertEquals(150, objects.get("[other]"));
    assertEquals(1, objects.get("app/Type0"));
    assertNull(objects.get("app/Type50"));
  }

  @Test
  void noClass_isNoLabel() {
    ReceivedProfile.Sample sample = profile((String) null).samples().get(0);
    assertEquals(Map.of("endpoint", "/route"), sample.labels());
  }
}
