package io.sonde.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What would change the start-up order of the application if it ran before its {@code main}. */
@AnalyzeClasses(packages = "io.sonde", importOptions = ImportOption.DoNotIncludeTests.class)
final class BeforeMainTest {
  private static final String[] ON_THE_PATH = {
    "io.sonde.core..",
    "io.sonde.settings..",
    "io.sonde.weaver",
    "io.sonde.agent",
    "io.sonde.instrumentation.jdk.."
  };

  @ArchTest
  static final ArchRule logging_jmx_and_nio_file_systems_are_not_touched =
      noClasses()
          .that()
          .resideInAnyPackage(ON_THE_PATH)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "java.util.logging..",
                  "java.lang.management..",
                  "javax.management..",
                  "java.nio.file..",
                  "java.util.stream..",
                  "java.util.regex.."));

  @ArchTest
  static final ArchRule no_lambda_starts_the_invokedynamic_machinery =
      classes().that().resideInAnyPackage(ON_THE_PATH).should(haveNoInvokedynamic());

  private static ArchCondition<JavaClass> haveNoInvokedynamic() {
    return new ArchCondition<>("have no lambda and no method reference") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean found = bytecode(type).has(ClassConstants.INVOKE_DYNAMIC);
        events.add(
            new SimpleConditionEvent(
                type, !found, type.getName() + (found ? " has" : " has no") + " invokedynamic"));
      }
    };
  }

  private static ClassConstants bytecode(JavaClass type) {
    try (InputStream in = type.getSource().get().getUri().toURL().openStream()) {
      return ClassConstants.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
