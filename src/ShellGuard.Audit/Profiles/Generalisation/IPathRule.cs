namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>One rule by which a path stands for others.</summary>
public interface IPathRule
{
    GeneralRule Rule { get; }

    /// <summary>Replaces what the rule knows, or does nothing.</summary>
    void Apply(PathParts path);
}
