using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ChordAspire.Tests.Api;

/// <summary>Types and parameters as C# writes them, without namespaces, and with what may be null.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    internal static string Of(Type type) => Of(type, null);

    internal static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    internal static string Of(FieldInfo field) => Of(field.FieldType, new NullabilityInfoContext().Create(field));

    internal static string Of(PropertyInfo property) => Of(property.PropertyType, new NullabilityInfoContext().Create(property));

    /// <summary>Without the number of its parameters.</summary>
    internal static string Name(string name) => name.Split('`')[0];

    internal static string Parameters(IReadOnlyList<Type> generics, bool withVariance)
    {
        if (generics.Count == 0)
            return "";
        return $"<{string.Join(", ", generics.Select(one => (withVariance ? Variance(one) : "") + one.Name))}>";
    }

    internal static string Constraints(IEnumerable<Type> generics) =>
        string.Concat(generics.Select(one => (one.Name, Limits: string.Join(", ", Limits(one)))).Where(one => one.Limits.Length > 0)
            .Select(one => $" where {one.Name} : {one.Limits}"));

    internal static string Parameters(IEnumerable<ParameterInfo> parameters, bool isExtension) => string.Join(", ", parameters.Select(parameter =>
        (isExtension && parameter.Position == 0 ? "this " : "")
        + (parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")
        + (!parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ")
        + $"{Of(parameter)} {Escaped(parameter.Name!)}"
        + (parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue, parameter.ParameterType)}" : "")));

    internal static string Constant(object? value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && plain == type ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ when plain.IsEnum => Enum.GetName(plain, value) ?? value.ToString()!,
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying, null)}?";
        string question = nullability?.ReadState == NullabilityState.Nullable && !type.IsValueType ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{question}";
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword + question;
        if (!type.IsGenericType)
            return type.Name + question;
        IEnumerable<string> inner = type.GetGenericArguments().Select((one, i) => Of(one, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{Name(type.Name)}<{string.Join(", ", inner)}>{question}";
    }

    private static string Variance(Type generic) => (generic.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    };

    private static IEnumerable<string> Limits(Type generic)
    {
        GenericParameterAttributes special = generic.GenericParameterAttributes;
        bool isStruct = special.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (isStruct)
            yield return "struct";
        if (special.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            yield return "class";
        foreach (Type limit in generic.GetGenericParameterConstraints().Where(limit => limit != typeof(ValueType)))
            yield return Of(limit, null);
        if (!isStruct && special.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            yield return "new()";
    }

    private static string Escaped(string name) => name is "event" or "params" or "default" or "object" or "string" or "namespace" ? $"@{name}" : name;
}
