using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Reads the rules of the command line into a layer.</summary>
internal static class FlagReader
{
    public static void Read(IReadOnlyList<PolicyFlag> flags, LayerBuilder builder)
    {
        foreach (var flag in flags)
        {
            var source = RuleSource.CommandLine(
                flag.Value.Length == 0 ? flag.Name : $"{flag.Name} {ShellQuote.Quote(flag.Value)}");
            if (PolicyKeys.All.FirstOrDefault(k => k.Flag == flag.Name) is { } key)
            {
                Read(key, flag.Value, source, builder);
            }
            else
            {
                string? near = NearestName.Find(flag.Name, PolicyKeys.Flags);
                builder.Report(
                    Severity.Error, source, 1, "unknown flag",
                    near is null ? null : $"did you mean {near}?");
            }
        }

        builder.ReportContradictions();
    }

    private static void Read(PolicyKey key, string value, RuleSource source, LayerBuilder builder)
    {
        switch (key.Kind)
        {
            case PolicyValueKind.Paths or PolicyValueKind.PathsOrGlobs:
                builder.AddPath(key, value, source, 1);
                break;
            case PolicyValueKind.Endpoints:
                builder.AddEndpoint(key, value, source, 1);
                break;
            case PolicyValueKind.VariableNames or PolicyValueKind.Variables:
                int equals = value.IndexOf('=');
                if (equals < 0)
                {
                    builder.AddVariable(PolicyKeys.Find("environment", "pass")!, value, source, 1);
                }
                else
                {
                    builder.SetVariable(value[..equals], value[(equals + 1)..], source, 1);
                }

                break;
            default:
                builder.AddSetting(key, value, source, 1);
                break;
        }
    }
}
