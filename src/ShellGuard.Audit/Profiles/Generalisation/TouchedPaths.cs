using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Every path that an access did something to. A rename makes its second name, and a hard link changes the file that it is
/// another name of; and where links were followed, it was another file than the one that was named.</summary>
internal static class TouchedPaths
{
    /// <summary>The access, and what it did to its second path.</summary>
    public static IEnumerable<GeneralAccess> Of(GeneralAccess access)
    {
        yield return access;
        if (access.Destination is { } path && access.Members.All(seen => OfSecond(seen.Access) is not null))
        {
            yield return access with
            {
                Operation = OfSecond(access.Members[0].Access)!.Operation,
                Target = path,
                Destination = null,
                Rules = access.Members.All(seen => seen.Access.Destination == path) ? [] : access.Rules,
                Members = [.. access.Members.Select(seen => seen with { Access = OfSecond(seen.Access)! })],
            };
        }
    }

    /// <inheritdoc cref="Of(GeneralAccess)"/>
    public static IEnumerable<SeenAccess> Of(SeenAccess seen) =>
        OfSecond(seen.Access) is { } second ? [seen, seen with { Access = second }] : [seen];

    /// <summary>The same done to the files that links led to.</summary>
    public static IEnumerable<GeneralAccess> LedTo(GeneralAccess access) => access.Members
        .Where(seen => seen.Access.Resolved is { } real && real.StartsWith('/') && real != seen.Access.Target)
        .GroupBy(seen => seen.Access.Resolved!, StringComparer.Ordinal)
        .Select(file => access with
        {
            Target = file.Key,
            Rules = [],
            Members = [.. file.Select(seen => seen with { Access = seen.Access with { Target = file.Key, Resolved = null } })],
        });

    private static Access? OfSecond(Access access) => access.Destination?.StartsWith('/') != true ? null
        : access.Operation switch
        {
            Operation.Rename => Second(access, Operation.Create),
            Operation.Create => Second(access, Operation.ChangeAttributes),
            _ => null,
        };

    private static Access Second(Access access, Operation operation) =>
        access with { Operation = operation, Target = access.Destination!, Destination = null, Resolved = null };
}
