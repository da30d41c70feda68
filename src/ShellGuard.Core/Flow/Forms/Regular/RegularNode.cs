namespace ShellGuard.Core.Flow.Forms.Regular;

/// <summary>A piece of a regular expression.</summary>
internal abstract record RegularNode
{
    private RegularNode()
    {
    }

    /// <summary>One character of a set, which has bit <c>c</c> for the character <c>c</c>.</summary>
    public sealed record One(UInt128 Set) : RegularNode;

    /// <summary>All of them, one after the other; nothing where there is none.</summary>
    public sealed record Sequence(IReadOnlyList<RegularNode> Parts) : RegularNode;

    /// <summary>One of them.</summary>
    public sealed record Choice(IReadOnlyList<RegularNode> Parts) : RegularNode;

    /// <summary>The same again and again.</summary>
    /// <param name="Most">Null for any number.</param>
    public sealed record Repeat(RegularNode What, int Least, int? Most) : RegularNode;
}
