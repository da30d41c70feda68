using System.Diagnostics;
using System.Security.Cryptography;

namespace ShellGuard.System.Tests.Support;

/// <summary>The world of <see cref="CustomerWorld"/> with gates in its wall.</summary>
internal sealed class GateWorld : IDisposable
{
    private readonly List<string> _gates = [];

    public GateWorld(Identity identity) => Area = new TestArea(identity);

    public CustomerWorld World { get; } = new();

    public TestArea Area { get; }

    /// <summary>Whether the conflict set is exclusive.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Whether sides tell the lobby nothing.</summary>
    public bool Strict { get; init; }

    /// <summary>Further tags, a line each.</summary>
    public string Tags { get; set; } = "";

    /// <summary>Adds a filter, whose program is a shell script.</summary>
    public string AddFilter(string name, string script, string form, string more = "bits = 512\nper = \"1h\"")
    {
        string program = Area.Write($"{name}.sh", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        string digest = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(program))).ToLowerInvariant();
        _gates.Add($"""
            [[gate]]
            name = "{name}"
            kind = "filter"
            from = ["db:customers"]
            to = ["net:internet"]
            program = "{program}"
            sha256 = "{digest}"
            form = '{form}'
            {more}
            """);
        return program;
    }

    /// <summary>Adds a cell.</summary>
    public void AddCell(string table) => _gates.Add(table);

    public void AddApproval(string name, string approvers, string more = "") => _gates.Add($"""
        [[gate]]
        name = "{name}"
        kind = "approval"
        from = ["db:customers"]
        to = ["net:internet"]
        approvers = [{approvers}]
        {more}
        """);

    /// <summary>Runs a script in a lobby to its end.</summary>
    /// <param name="output">A file in the working directory that its output is redirected to; null for a pipe.</param>
    public Outcome Lobby(string script, string? output = null) => Programs.Run(Start(script, output), null);

    public Process Start(string script, string? output = null)
    {
        Area.Write("script.sh", script);
        string policy = Area.Write("walls.toml", string.Join(
            "\n\n", [World.Policy(exclusive: Exclusive).Replace("[tags]", $"[tags]\n{Tags}", StringComparison.Ordinal), .. _gates]));
        Area.Own();
        Dictionary<string, string> environment = Area.Environment;
        foreach ((string name, string value) in World.Variables)
        {
            environment[name] = value;
        }

        return Programs.Start(
            [
                .. Area.Account.Prefix, "/bin/sh", "-c", output is null ? "exec \"$@\"" : $"exec \"$@\" > {output}", "sh",
                NativeBinary.Path, "run", .. (Strict ? (string[])["--strict"] : []), "--policy", policy, "--", "/bin/bash", "script.sh",
            ],
            Area.Work, environment);
    }

    public void Dispose()
    {
        World.Dispose();
        Area.Dispose();
    }
}
