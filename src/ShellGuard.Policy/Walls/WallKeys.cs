using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Policy.Walls;

/// <summary>The part of the policy language that is about walls: tables of which there can be several. As
/// <see cref="PolicyKeys"/>, loader, schema, messages and the reference are checked against it.</summary>
public static class WallKeys
{
    /// <summary>The table that declares tags; its keys are the tags.</summary>
    public const string Tags = "tags";

    public const string Resource = "resource";
    public const string Conflict = "conflict";
    public const string Cell = "cell";
    public const string Gate = "gate";

    public static IReadOnlyList<PolicyKey> All { get; } =
    [
        new(Resource, "name", PolicyValueKind.Text, null,
            "What messages call it.", "\"customer database\""),
        new(Resource, "net", PolicyValueKind.Endpoints, null,
            "The endpoints that it is.", "[\"db.corp:5432\"]"),
        new(Resource, "paths", PolicyValueKind.Paths, null,
            "The trees of files that it is.", "[\"~/exports\"]"),
        new(Resource, "environment", PolicyValueKind.VariableNames, null,
            "The variables of the caller that it is.", "[\"CRM_TOKEN\"]"),
        new(Resource, "source", PolicyValueKind.Tags, null,
            "Tags of what comes from it.", "[\"db:customers\"]"),
        new(Resource, "sink", PolicyValueKind.Tags, null,
            "Tags of where that goes which is sent or written to it.", "[\"net:internet\"]"),
        new(Resource, "opaque", PolicyValueKind.Boolean, null,
            "Whether what is sent to it is taken not to come back to others; without it, it joins all who reach it.", "true"),
        new(Resource, "clipboard", PolicyValueKind.Boolean, null,
            "Whether it is the clipboard of the person's terminal, instead of net and paths.", "false"),

        new(Conflict, "name", PolicyValueKind.Text, null,
            "What messages call it.", "\"customer data\""),
        new(Conflict, "at_most", PolicyValueKind.Number, null,
            "How many of the tags may meet.", "1"),
        new(Conflict, "of", PolicyValueKind.Tags, null,
            "The tags that at_most speaks of.", "[\"db:customers\", \"net:internet\"]"),
        new(Conflict, "never_all", PolicyValueKind.Tags, null,
            "Tags that must not all meet, instead of at_most and of.", "[\"private\", \"web\", \"egress\"]"),
        new(Conflict, "mode", PolicyValueKind.Choice, null,
            "Whether a sink counts while it is within reach, or for ever once it was.", "\"flow\"") { Choices = ["flow", "wall"] },
        new(Conflict, "exclusive", PolicyValueKind.Boolean, null,
            "Whether cells of different sides never run at the same time.", "false"),

        new(Cell, "label", PolicyValueKind.Tags, null,
            "The sources that it has from the start; it never gets others.", "[\"db:customers\"]"),
        new(Cell, "clearance", PolicyValueKind.Tags, null,
            "Instead of a label: it starts with none, and may get these sources.", "[\"db:customers\"]"),
        new(Cell, "late", PolicyValueKind.Choice, null,
            "With a clearance: what becomes of a request that does not go with what it has.", "\"refuse\"")
        {
            Choices = ["refuse", "elsewhere", "sever"],
        },
        new(Cell, "commands", PolicyValueKind.Words, null,
            "Programs that are run in it.", "[\"psql\", \"pg_dump\"]"),
        new(Cell, "net", PolicyValueKind.Endpoints, null,
            "Endpoints that it can reach.", "[\"db.corp:5432\"]"),
        new(Cell, "net-ask", PolicyValueKind.Endpoints, null,
            "Endpoints that a person is asked about while the program waits.", "[\"*.corp:5432\"]"),
        new(Cell, "net-deny", PolicyValueKind.Endpoints, null,
            "Endpoints that it cannot reach although a broader rule of it grants them.", "[\"hr.corp:5432\"]"),
        new(Cell, "read-only", PolicyValueKind.Paths, null,
            "Shown in it as on the host; cannot be changed.", "[\"~/exports\"]"),
        new(Cell, "copy-on-write", PolicyValueKind.Paths, null,
            "Shown in it; changes go to its layer.", "[\"~/exports\"]"),
        new(Cell, "direct", PolicyValueKind.Paths, null,
            "Shown in it; changes go to the host at once.", "[\"~/exports\"]"),
        new(Cell, "hide", PolicyValueKind.PathsOrGlobs, null,
            "Not there in it.", "[\"~/.netrc\"]"),
        new(Cell, "environment", PolicyValueKind.VariableNames, null,
            "Variables of resources that its programs get.", "[\"CRM_TOKEN\"]"),
        new(Cell, "clipboard", PolicyValueKind.Boolean, null,
            "Whether its programs may set the clipboard of the person's terminal; none ever reads it.", "false"),

        new(Gate, "name", PolicyValueKind.Text, null,
            "What messages call it, and what its marks carry.", "\"count\""),
        new(Gate, "kind", PolicyValueKind.Choice, null,
            "Who vouches for what passes: a program's output of declared form, or people.", "\"filter\"") { Choices = ["filter", "approval"] },
        new(Gate, "from", PolicyValueKind.Tags, null,
            "The tags that it takes off.", "[\"db:customers\"]"),
        new(Gate, "to", PolicyValueKind.Tags, null,
            "The sinks for which it takes them off.", "[\"net:internet\"]"),
        new(Gate, "program", PolicyValueKind.Text, null,
            "Filter: the program, as an absolute path.", "\"/usr/local/lib/filters/count\""),
        new(Gate, "sha256", PolicyValueKind.Text, null,
            "Filter: the digest of the program's file.", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""),
        new(Gate, "form", PolicyValueKind.Text, null,
            "Filter: what its output must look like.", "\"integer 0..1000000\""),
        new(Gate, "max-bytes", PolicyValueKind.Size, null,
            "The longest output, or for an approval the longest text; 64 KiB without it.", "64"),
        new(Gate, "bits", PolicyValueKind.Count, null,
            "Filter: how much it lets out in a period.", "512"),
        new(Gate, "per", PolicyValueKind.Duration, null,
            "Filter: the period.", "\"1h\""),
        new(Gate, "time", PolicyValueKind.Duration, null,
            "Filter: how long the program may take; 10 minutes without it.", "\"30s\""),
        new(Gate, "approvers", PolicyValueKind.Words, null,
            "Approval: who may approve, by login name.", "[\"alice\"]"),
        new(Gate, "second-person", PolicyValueKind.Boolean, null,
            "Approval: whether two of them must agree, neither of whom asks.", "true"),
        new(Gate, "expires", PolicyValueKind.Duration, null,
            "Approval: how long one holds that is not used; 10 minutes without it.", "\"10m\""),
    ];

    /// <summary>The tables, in the order of the reference.</summary>
    public static IReadOnlyList<string> Tables { get; } = [Tags, Resource, Conflict, Cell, Gate];

    /// <summary>How a table's header is written.</summary>
    public static string Header(string table) => table switch
    {
        Tags => "[tags]",
        Cell => "[cell.NAME]",
        _ => $"[[{table}]]",
    };

    public static PolicyKey Find(string table, string name) => All.First(k => k.Table == table && k.Name == name);
}
