using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>What makes an access the same in another run: everything of <see cref="AccessKey"/>, as text.</summary>
internal sealed class AccessIdentity(Access access) : IEquatable<AccessIdentity>
{
    private readonly ProcessIdentity? _who = access.Chain.Count > 0 ? access.Chain[0] : null;

    public bool Equals(AccessIdentity? other) => other is not null
        && access.Operation == other.Access.Operation && access.Kind == other.Access.Kind
        && access.IsUnresolved == other.Access.IsUnresolved && access.Outcome == other.Access.Outcome
        && access.Target == other.Access.Target && access.Destination == other.Access.Destination
        && _who?.Program == other._who?.Program && _who?.User == other._who?.User
        && (_who?.Program.Length > 0 || _who?.CommandName == other._who?.CommandName)
        && access.Arguments.IsSameAs(other.Access.Arguments);

    private Access Access => access;

    public override bool Equals(object? obj) => Equals(obj as AccessIdentity);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add((int)access.Operation);
        hash.Add(access.Target.GetHashCode(StringComparison.Ordinal));
        hash.Add((int)access.Outcome.Kind);
        hash.Add(_who?.Program.GetHashCode(StringComparison.Ordinal) ?? 0);
        hash.Add(access.Arguments.Kept.Count > 0 ? access.Arguments.Kept[^1].GetHashCode() : 0);
        return hash.ToHashCode();
    }
}
