namespace ShellGuard.Policy.Evaluation;

/// <summary>What stands behind a key.</summary>
public enum PolicyValueKind
{
    /// <summary>The name of a preset or file.</summary>
    PolicyName,

    /// <summary>An array of paths.</summary>
    Paths,

    /// <summary>An array of paths with globs.</summary>
    PathsOrGlobs,

    /// <summary>An array of endpoints.</summary>
    Endpoints,

    /// <summary>An array of variable names.</summary>
    VariableNames,

    /// <summary>A table of variables.</summary>
    Variables,

    /// <summary>Bytes: a positive integer or a string such as <c>2 GiB</c>; <c>none</c> lifts the limit.</summary>
    Size,

    /// <summary>A positive integer; <c>none</c> lifts the limit.</summary>
    Count,

    /// <summary>A string such as <c>150%</c>; <c>none</c> lifts the limit.</summary>
    Percent,

    /// <summary>A string such as <c>8h</c> or <c>1h30m</c>; <c>none</c> lifts the limit.</summary>
    Duration,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A string.</summary>
    Text,

    /// <summary>One of <see cref="PolicyKey.Choices"/>.</summary>
    Choice,

    /// <summary>An array of strings.</summary>
    Words,

    /// <summary>An array of declared tags.</summary>
    Tags,

    /// <summary>A whole number from 0.</summary>
    Number,
}
