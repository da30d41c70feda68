using System.CommandLine;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Presets;

namespace ShellGuard.Cli.Support;

/// <summary>The options of every verb that takes a policy: <c>--policy</c> and one for each rule that the command
/// line can add. They are made from the table of the policy language, so that the two cannot differ.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> _policy = new("--policy", "-p")
    {
        Description = $"Preset ({string.Join(", ", PolicyPresets.Names)}) or policy file; ~/.config/shellguard/policy.toml where it exists",
        HelpName = "NAME|FILE",
    };

    private readonly List<Option<string[]>> _flags = [];
    private readonly List<Option<bool?>> _switches = [];

    public PolicyOptions()
    {
        foreach (IGrouping<string, PolicyKey> key in PolicyKeys.All.Where(key => key.Flag is not null).GroupBy(key => key.Flag!))
        {
            if (key.First().Kind == PolicyValueKind.Boolean)
            {
                _switches.Add(new Option<bool?>(key.Key) { Description = key.First().Description });
                continue;
            }

            _flags.Add(new Option<string[]>(key.Key)
            {
                Description = key.First().Description,
                HelpName = HelpName(key.First().Kind),
                Arity = ArgumentArity.OneOrMore,
            });
        }
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_policy);
        _flags.ForEach(command.Options.Add);
        _switches.ForEach(command.Options.Add);
    }

    /// <summary>Only <c>--policy</c>.</summary>
    public void AddPolicyTo(Command command)
    {
        command.Options.Add(_policy);
        _flags.Clear();
        _switches.Clear();
    }

    /// <summary>What was asked for.</summary>
    public PolicyRequest Read(ParseResult result, PolicyContext context)
    {
        List<PolicyFlag> flags = [];
        foreach (Option<string[]> option in _flags)
        {
            flags.AddRange((result.GetValue(option) ?? []).Select(value => new PolicyFlag(option.Name, value)));
        }

        foreach (Option<bool?> option in _switches)
        {
            if (result.GetValue(option) is { } value)
            {
                flags.Add(new PolicyFlag(option.Name, value ? "true" : "false"));
            }
        }

        return new PolicyRequest(result.GetValue(_policy) ?? UserPolicy.DefaultFor(context), flags, context);
    }

    private static string HelpName(PolicyValueKind kind) => kind switch
    {
        PolicyValueKind.Paths or PolicyValueKind.PathsOrGlobs => "PATH",
        PolicyValueKind.Endpoints => "HOST:PORT",
        PolicyValueKind.VariableNames or PolicyValueKind.Variables => "NAME[=VALUE]",
        PolicyValueKind.Size => "SIZE",
        PolicyValueKind.Count => "N",
        PolicyValueKind.Percent => "PERCENT",
        PolicyValueKind.Duration => "TIME",
        _ => "VALUE",
    };
}
