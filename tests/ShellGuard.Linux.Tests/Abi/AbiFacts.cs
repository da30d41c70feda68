using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Tests.Abi;

/// <summary>Collects, by reflection, what ShellGuard.Linux says about the kernel's interface: every type with a
/// <see cref="CNameAttribute"/> or <see cref="CStructAttribute"/>.</summary>
internal static class AbiFacts
{
    private const BindingFlags AnyField =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    internal static IEnumerable<Type> ConstantTypes => Types.Where(type => Has<CNameAttribute>(type));

    internal static IEnumerable<Type> StructTypes => Types.Where(type => Has<CStructAttribute>(type));

    private static Type[] Types => typeof(CNameAttribute).Assembly.GetTypes();

    /// <summary>The members of an enum or the constants of a class.</summary>
    internal static IEnumerable<AbiFact> Constants(Type type)
    {
        CNameAttribute name = type.GetCustomAttribute<CNameAttribute>()!;
        foreach (FieldInfo field in type.GetFields(AnyField).Where(field => field.IsLiteral))
        {
            string c = field.GetCustomAttribute<CNameAttribute>()?.Prefix ?? name.Prefix + field.Name;
            yield return new AbiFact(
                $"{type.Name}.{field.Name}",
                c,
                ToBits(field.GetRawConstantValue()!),
                name.Headers,
                IsNewer(type) || IsNewer(field) ? c : null);
        }
    }

    /// <summary>Size, offsets and sizes of the public fields of a struct. Nothing where the headers may not know it:
    /// C cannot ask whether a structure exists.</summary>
    internal static IEnumerable<AbiFact> Layout(Type type)
    {
        CStructAttribute name = type.GetCustomAttribute<CStructAttribute>()!;
        FieldInfo[] fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);
        if (IsNewer(type))
        {
            yield break;
        }

        // A structure that grew since the headers has another size there; its older fields stay where they are.
        if (!Array.Exists(fields, IsNewer))
        {
            yield return new AbiFact($"size of {type.Name}", $"sizeof({name.Name})", SizeOf(type), name.Headers);
        }

        foreach (FieldInfo field in fields.Where(field => !IsNewer(field)))
        {
            string c = field.GetCustomAttribute<CNameAttribute>()?.Prefix ?? field.Name;
            yield return new AbiFact(
                $"offset of {type.Name}.{field.Name}",
                $"offsetof({name.Name}, {c})",
                OffsetOf(field),
                name.Headers);
            yield return new AbiFact(
                $"size of {type.Name}.{field.Name}",
                $"sizeof((({name.Name} *)0)->{c})",
                SizeOf(field.FieldType),
                name.Headers);
        }
    }

    /// <summary>What is marked as unknown to the headers, with where it is from.</summary>
    internal static IEnumerable<(string Subject, string Origin)> Newer() =>
        from type in Types
        from member in type.GetFields(AnyField).Cast<MemberInfo>().Append(type)
        let newer = member.GetCustomAttribute<NewerThanHeadersAttribute>()
        where newer is not null
        select ($"{type.Name}.{member.Name}", newer.Origin);

    private static bool Has<T>(Type type)
        where T : Attribute => type.GetCustomAttribute<T>() is not null;

    private static bool IsNewer(MemberInfo member) =>
        member.GetCustomAttribute<NewerThanHeadersAttribute>() is not null;

    /// <summary>As C's conversion to unsigned long would.</summary>
    private static ulong ToBits(object value) =>
        value is ulong unsigned ? unsigned : unchecked((ulong)Convert.ToInt64(value, provider: null));

    private static ulong SizeOf(Type type) =>
        (ulong)(int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>Where the field is in managed memory, which is what the kernel gets a pointer to: asked of the
    /// runtime by subtracting addresses, since marshalling has rules of its own.</summary>
    private static ulong OffsetOf(FieldInfo field)
    {
        Type pointer = field.DeclaringType!.MakeByRefType();
        var method = new DynamicMethod("Offset", typeof(long), [pointer], typeof(AbiFacts).Module, true);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldflda, field);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Sub);
        code.Emit(OpCodes.Conv_I8);
        code.Emit(OpCodes.Ret);
        Array one = Array.CreateInstance(field.DeclaringType!, 1);
        return (ulong)(long)method.Invoke(null, [one.GetValue(0)])!;
    }
}
