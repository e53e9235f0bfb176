package io.sonde.weaver.processor;

import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;

/** Turns signatures as people write them, and as the compiler knows them, into descriptors. */
final class Signatures {
  private Signatures() {}

  /** {@code name(int,java.lang.String[])} as {@code name(I[Ljava/lang/String;)}. */
  static String method(String text) {
    int open = text.indexOf('(');
    if (open <= 0 || !text.endsWith(")")) {
      throw new IllegalArgumentException("'" + text + "' is not of the form name(type,type)");
    }
    StringBuilder out = new StringBuilder(text.substring(0, open)).append('(');
    String parameters = text.substring(open + 1, text.length() - 1);
    if (!parameters.isEmpty()) {
      for (String type : parameters.split(",", -1)) {
        out.append(type(type.trim()));
      }
    }
    return out.append(')').toString();
  }

  private static String type(String name) {
    if (name.endsWith("[]")) {
      return '[' + type(name.substring(0, name.length() - 2));
    }
    switch (name) {
      case "boolean":
        return "Z";
      case "byte":
        return "B";
      case "char":
        return "C";
      case "short":
        return "S";
      case "int":
        return "I";
      case "long":
        return "J";
      case "float":
        return "F";
      case "double":
        return "D";
      default:
        if (name.indexOf('.') < 0) {
          throw new IllegalArgumentException(
              "'" + name + "' is neither primitive nor a full class name");
        }
        return 'L' + name.replace('.', '/') + ';';
    }
  }

  /** The descriptor of a method being compiled. */
  static String descriptor(ExecutableElement method) {
    StringBuilder out = new StringBuilder("(");
    for (VariableElement parameter : method.getParameters()) {
      append(parameter.asType(), out);
    }
    out.append(')');
    append(method.getReturnType(), out);
    return out.toString();
  }

  private static void append(TypeMirror type, StringBuilder out) {
    switch (type.getKind()) {
      case ARRAY:
        out.append('[');
        append(((ArrayType) type).getComponentType(), out);
        break;
      case DECLARED:
        out.append('L')
            .append(binaryName((TypeElement) ((DeclaredType) type).asElement()))
            .append(';');
        break;
      case TYPEVAR:
        append(((TypeVariable) type).getUpperBound(), out);
        break;
      case VOID:
        out.append('V');
        break;
      default:
        if (!type.getKind().isPrimitive()) {
          throw new IllegalArgumentException("no descriptor for " + type);
        }
        out.append(primitive(type.getKind()));
    }
  }

  private static char primitive(TypeKind kind) {
    switch (kind) {
      case BOOLEAN:
        return 'Z';
      case LONG:
        return 'J';
      default:
        return kind.name().charAt(0);
    }
  }

  private static String binaryName(TypeElement type) {
    return type.getEnclosingElement() instanceof TypeElement
        ? binaryName((TypeElement) type.getEnclosingElement()) + '$' + type.getSimpleName()
        : type.getQualifiedName().toString().replace('.', '/');
  }
}
