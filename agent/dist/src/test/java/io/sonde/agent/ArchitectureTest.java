package io.sonde.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: exporters and instrumentation know core, core knows nobody. */
@AnalyzeClasses(packages = "io.sonde", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String CORE = "io.sonde.core..";
  private static final String DATABASE = "io.sonde.core.database";
  private static final String SETTINGS = "io.sonde.settings..";
  private static final String WEAVER = "io.sonde.weaver..";
  private static final String EXPORTERS = "io.sonde.exporters..";
  private static final String INSTRUMENTATION = "io.sonde.instrumentation..";
  private static final String AGENT = "io.sonde.agent..";
  private static final String JDK = "java..";
  private static final String TLS = "javax.net.ssl..";
  private static final String NULLNESS = "org.jspecify.annotations..";

  @ArchTest
  static final ArchRule core_knows_the_jdk_alone =
      classes()
          .that()
          .resideInAnyPackage(CORE, SETTINGS)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(CORE, SETTINGS, JDK, TLS, NULLNESS));

  @ArchTest
  static final ArchRule what_a_database_call_is_about_knows_no_spans =
      classes()
          .that()
          .resideInAPackage(DATABASE)
          .should()
          .onlyDependOnClassesThat(resideInAnyPackage(DATABASE, JDK, NULLNESS));

  @ArchTest
  static final ArchRule weaver_knows_core_and_the_bytecode_library =
      noClasses()
          .that()
          .resideInAPackage(WEAVER)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  EXPORTERS, INSTRUMENTATION, AGENT, "io.opentelemetry..", "net.bytebuddy.asm.."));

  @ArchTest
  static final ArchRule instrumentation_knows_core_alone =
      noClasses()
          .that()
          .resideInAPackage(INSTRUMENTATION)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(WEAVER, EXPORTERS, AGENT, SETTINGS, "io.opentelemetry.."));

  @ArchTest
  static final ArchRule instrumentation_of_one_library_does_not_know_another =
      slices().matching("io.sonde.instrumentation.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule exporters_do_not_know_what_is_woven =
      noClasses()
          .that()
          .resideInAPackage(EXPORTERS)
          .should()
          .dependOnClassesThat(resideInAnyPackage(WEAVER, INSTRUMENTATION, AGENT));

  @ArchTest
  static final ArchRule the_profiler_knows_core_alone =
      noClasses()
          .that()
          .resideInAPackage("io.sonde.profiler..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(WEAVER, EXPORTERS, INSTRUMENTATION, AGENT, "io.opentelemetry.."));

  @ArchTest
  static final ArchRule the_processor_is_for_the_build_alone =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sonde.weaver.processor..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.sonde.weaver.processor.."));
}
