using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Adds rules to a layer, whether they come from a file or from flags, and reports what is wrong with them.
/// </summary>
internal sealed class LayerBuilder(PolicyLayer layer, PolicyContext context, List<Diagnostic> diagnostics)
{
    private const int MaximumRules = 10_000;

    public PolicyLayer Layer { get; } = layer;

    /// <summary>A builder for rules that stand in a table of their own; its mistakes are reported with the others.</summary>
    public LayerBuilder Apart() => new(new PolicyLayer(Layer.File), context, diagnostics);

    public void Report(Severity severity, RuleSource source, int length, string message, string? suggestion = null) =>
        diagnostics.Add(
            new Diagnostic(
                severity, source.File, source.Line, source.Column, length,
                // A file's line is shown; a flag has none.
                source.Line > 0 ? message : $"{source.Text}: {message}", suggestion));

    public void AddPath(PolicyKey key, string text, RuleSource source, int length)
    {
        if (!PathText.TryResolve(text, context, out string? path, out bool isGlob, out string? problem))
        {
            Report(Severity.Error, source, length, problem);
            return;
        }

        if (isGlob && key.Kind != PolicyValueKind.PathsOrGlobs)
        {
            Report(
                Severity.Error, source, length, $"wildcards are for hide only, not for {key.Name}",
                "a literal character is written in brackets, as in a[*]b");
            return;
        }

        if (Layer.Paths.Count >= MaximumRules)
        {
            Report(Severity.Error, source, length, $"more than {MaximumRules} rules about paths in one source");
            return;
        }

        var mode = key.Name switch
        {
            "read-only" => PathMode.ReadOnly,
            "copy-on-write" => PathMode.CopyOnWrite,
            "direct" => PathMode.Direct,
            _ => PathMode.Hidden,
        };
        Layer.Lengths[source] = length;
        Layer.Paths.Add(new LayerPath(text, new PathRule(path, mode, isGlob, source)
        {
            IsWorkingDirectory = text == "." && source.File != RuleSource.CommandLine("").File,
        }));
    }

    public void AddEndpoint(PolicyKey key, string text, RuleSource source, int length)
    {
        if (!EndpointPattern.TryParse(text, out var pattern, out string? problem))
        {
            Report(Severity.Error, source, length, problem, SuggestEndpoint(text));
            return;
        }

        if (Layer.Network.Count >= MaximumRules)
        {
            Report(Severity.Error, source, length, $"more than {MaximumRules} rules about endpoints in one source");
            return;
        }

        var decision = key.Name switch
        {
            "allow" or "net" => Decision.Allow,
            "ask" or "net-ask" => Decision.Ask,
            _ => Decision.Deny,
        };
        Layer.Lengths[source] = length;
        Layer.Network.Add(new NetworkRule(pattern, decision, source));
    }

    public void AddVariable(PolicyKey key, string pattern, RuleSource source, int length)
    {
        string name = pattern.EndsWith('*') ? pattern[..^1] : pattern;
        if (pattern.Length == 0 || (name.Length > 0 && !IsVariableName(name)))
        {
            Report(
                Severity.Error, source, length,
                "a variable's name has letters, digits and underscores, and perhaps a * at its end");
            return;
        }

        Layer.Lengths[source] = length;
        (key.Name == "pass" ? Layer.Pass : Layer.Withhold).Add(new LayerEntry<string>(pattern, source));
    }

    public void SetVariable(string name, string value, RuleSource source, int length)
    {
        if (!IsVariableName(name))
        {
            Report(Severity.Error, source, length, "a variable's name has letters, digits and underscores");
            return;
        }

        if (value.Contains('\0'))
        {
            Report(Severity.Error, source, length, $"the value of {name} has a NUL character");
            return;
        }

        Layer.Lengths[source] = length;
        Layer.Set.Add(new LayerEntry<KeyValuePair<string, string>>(new(name, value), source));
    }

    /// <summary>Adds a limit or setting written as text.</summary>
    public void AddSetting(PolicyKey key, string text, RuleSource source, int length)
    {
        bool lifts = text == "none" && key.Table == "limits";
        object? value = lifts ? null : key.Kind switch
        {
            PolicyValueKind.Size => ValueText.Size(text),
            PolicyValueKind.Count => ValueText.Count(text),
            PolicyValueKind.Percent => ValueText.Percent(text),
            PolicyValueKind.Duration => ValueText.Duration(text),
            _ => text switch { "true" or "" => true, "false" => false, _ => null },
        };
        if (value is null && !lifts)
        {
            Report(
                Severity.Error, source, length, $"{key.Name} cannot be read: it is {Expected(key)}",
                source.Line > 0 || key.Flag is null ? $"for example {key.Name} = {key.Example}" : $"for example {key.Flag} {key.Example}");
            return;
        }

        if (key.FullName == "session.ask-timeout" && value is TimeSpan { TotalHours: > 1 })
        {
            Report(Severity.Error, source, length, "ask-timeout is at most 1h");
            return;
        }

        Layer.Lengths[source] = length;
        Layer.Settings[key.FullName] = new LayerEntry<object?>(value, source);
    }

    /// <summary>One source that says two things about the same is a mistake, not a matter of order.</summary>
    public void ReportContradictions()
    {
        var paths = new Dictionary<(string Written, bool IsGlob), LayerPath>();
        foreach (var path in Layer.Paths)
        {
            var first = paths.GetValueOrDefault((path.Written, path.Rule.IsGlob));
            if (first is null)
            {
                paths.Add((path.Written, path.Rule.IsGlob), path);
            }
            else if (first.Rule.Mode != path.Rule.Mode)
            {
                Contradiction(path.Rule.Source, first.Rule.Source);
            }
        }

        var endpoints = new Dictionary<string, NetworkRule>(StringComparer.Ordinal);
        foreach (var rule in Layer.Network)
        {
            if (!endpoints.TryAdd(rule.Pattern.ToString(), rule)
                && endpoints[rule.Pattern.ToString()] is var first && first.Decision != rule.Decision)
            {
                Contradiction(rule.Source, first.Source);
            }
        }
    }

    internal static string Expected(PolicyKey key) => key.Kind switch
    {
        PolicyValueKind.PolicyName => "the name of a preset or file",
        PolicyValueKind.Paths => "an array of paths",
        PolicyValueKind.PathsOrGlobs => "an array of paths",
        PolicyValueKind.Endpoints => "an array of endpoints",
        PolicyValueKind.VariableNames => "an array of variable names",
        PolicyValueKind.Variables => "a table of variables",
        PolicyValueKind.Size => "a size in bytes or a text such as \"2 GiB\"",
        PolicyValueKind.Count => "a positive integer",
        PolicyValueKind.Percent => "a text such as \"150%\"",
        PolicyValueKind.Duration => "a time such as \"8h\" or \"1h30m\"",
        PolicyValueKind.Text => "a string",
        PolicyValueKind.Choice => $"one of {string.Join(", ", key.Choices.Select(choice => $"\"{choice}\""))}",
        PolicyValueKind.Words => "an array of strings",
        PolicyValueKind.Tags => "an array of tags",
        PolicyValueKind.Number => "a whole number from 0",
        _ => "true or false",
    };

    private void Contradiction(RuleSource later, RuleSource earlier) => Report(
        Severity.Error, later, Layer.Lengths[later],
        $"contradicts {earlier.Text}{(earlier.Line > 0 ? $" in line {earlier.Line}" : "")}", "keep one of the two");

    private static string? SuggestEndpoint(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            string host = text[(scheme + 3)..].Split('/', '?', '#')[0];
            int port = text.StartsWith("http:", StringComparison.Ordinal) ? 80 : 443;
            string endpoint = host.Contains(':') ? host : $"{host}:{port}";
            return EndpointPattern.TryParse(endpoint, out var found, out _) ? $"write {found}" : null;
        }

        return EndpointPattern.TryParse(text + ":443", out var withPort, out _) ? $"for example {withPort}" : null;
    }

    internal static bool IsVariableName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
