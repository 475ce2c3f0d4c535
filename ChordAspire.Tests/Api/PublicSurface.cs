using System.Reflection;
using System.Runtime.CompilerServices;

namespace ChordAspire.Tests.Api;

/// <summary>
/// What a type shows to those who use it: its kind, what it derives from, and its public and protected members, each as one line. Left out is what
/// the compiler adds to records. The lines are those in aspire-api.txt.
/// </summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>All types that can be used from outside of these assemblies, by name.</summary>
    internal static IEnumerable<Type> TypesOf(params IEnumerable<Assembly> assemblies) =>
        assemblies.SelectMany(assembly => assembly.GetExportedTypes()).OrderBy(NameOf, StringComparer.Ordinal);

    /// <summary>With its namespace, the types it is nested in, and its parameters.</summary>
    internal static string NameOf(Type type) =>
        (type.DeclaringType is { } outer ? NameOf(outer) : type.Namespace) + "." + TypeText.Of(type);

    internal static IEnumerable<string> LinesOf(Type type) =>
        type.IsEnum
            ? [Kind(type), .. Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")]
            : [Kind(type), .. Ancestry(type), .. Fields(type), .. Properties(type), .. Methods(type)];

    private static string Kind(Type type)
    {
        bool isRecord = type.GetMethod("<Clone>$", Declared) is not null;
        string words = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (isRecord ? "record" : "class"),
        };
        string name = TypeText.Name(type.Name) + TypeText.Parameters(type.GetGenericArguments(), withVariance: true);
        return $"public {words} {name}{TypeText.Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> Ancestry(Type type)
    {
        if (type is { IsClass: true, BaseType: { } parent } && !(type.IsAbstract && type.IsSealed))
            yield return $"base {(parent == typeof(object) ? "Object" : TypeText.Of(parent))}";
        IEnumerable<Type> inherited = type.BaseType?.GetInterfaces() ?? [];
        foreach (Type implemented in type.GetInterfaces().Except(inherited)
            .Where(one => one.IsVisible && !one.Name.StartsWith("IEquatable`", StringComparison.Ordinal)))
            yield return $"implements {TypeText.Of(implemented)}";
    }

    private static IEnumerable<string> Fields(Type type) =>
        from field in type.GetFields(Declared)
        where field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly
        let words = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "")
        let value = field.IsLiteral ? $" = {TypeText.Constant(field.GetRawConstantValue(), field.FieldType)}" : ""
        select $"{(field.IsPublic ? "public" : "protected")} {words}{TypeText.Of(field)} {field.Name}{value}";

    private static IEnumerable<string> Properties(Type type) =>
        from property in type.GetProperties(Declared)
        where !property.Name.Contains('.') && property.Name != "EqualityContract"
        let get = Visible(property.GetMethod)
        let set = Visible(property.SetMethod)
        where get is not null || set is not null
        let required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : ""
        let name = property.GetIndexParameters() is { Length: > 0 } indexes
            ? $"this[{TypeText.Parameters(indexes, isExtension: false)}]" : property.Name
        let init = set?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true ? "init; " : "set; "
        let setter = set is null ? "" : get is { IsPublic: true } && !set.IsPublic ? $"protected {init}" : init
        select $"{Words((get ?? set)!)}{required}{TypeText.Of(property)} {name} {{ {(get is null ? "" : "get; ")}{setter}}}";

    private static IEnumerable<string> Methods(Type type) =>
        from method in type.GetMembers(Declared).OfType<MethodBase>()
        where Visible(method) is not null && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsCopyConstructor(method)
        where !method.IsSpecialName || method.IsConstructor || method.Name.StartsWith("op_", StringComparison.Ordinal)
        where !method.Name.Contains('.') || method.IsConstructor
        let generics = method.IsGenericMethod ? method.GetGenericArguments() : []
        let parameters = TypeText.Parameters(method.GetParameters(), method.IsDefined(typeof(ExtensionAttribute)))
        select Words(method) + (method is MethodInfo info ? Returns(info) : TypeText.Name(type.Name))
            + $"{TypeText.Parameters(generics, withVariance: false)}({parameters}){TypeText.Constraints(generics)}";

    private static string Returns(MethodInfo method) => method.Name switch
    {
        "op_Implicit" => $"implicit operator {TypeText.Of(method.ReturnParameter)}",
        "op_Explicit" => $"explicit operator {TypeText.Of(method.ReturnParameter)}",
        _ => $"{TypeText.Of(method.ReturnParameter)} {method.Name}",
    };

    private static string Words(MethodBase method)
    {
        if (method.DeclaringType!.IsInterface)
            return method.IsStatic ? "static " : "";
        string reach = method.IsPublic ? "public " : "protected ";
        bool isOverride = method is MethodInfo info && info.GetBaseDefinition().DeclaringType != method.DeclaringType;
        return reach + (method switch
        {
            { IsStatic: true } => "static ",
            _ when isOverride => "override ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        });
    }

    private static MethodBase? VisibleBase(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true, DeclaringType.IsSealed: false }
            or { IsFamilyOrAssembly: true, DeclaringType.IsSealed: false }
            ? method : null;

    private static MethodInfo? Visible(MethodInfo? method) => (MethodInfo?)VisibleBase(method);

    private static MethodBase? Visible(MethodBase method) =>
        method is ConstructorInfo { IsStatic: true } ? null : VisibleBase(method);

    private static bool IsCopyConstructor(MethodBase method) =>
        method.IsConstructor && method.DeclaringType!.GetMethod("<Clone>$", Declared) is not null
        && method.GetParameters() is [{ ParameterType: var only }] && only == method.DeclaringType;
}
