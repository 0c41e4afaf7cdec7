"""`--force` replaces the file that is there; without it nothing is lost."""

from click.testing import CliRunner

from bestand.cli import main


def test_force_replaces_a_file_that_is_there(tmp_path):
    there = tmp_path / "case.yaml"
    there.write_text("mine\n")
    refused = CliRunner().invoke(main, ["new", "Valley", "-o", str(there)])
    assert refused.exit_code == 2 and there.read_text() == "mine\n"
    done = CliRunner().invoke(main, ["new", "Valley", "-o", str(there), "--force"])
    assert done.exit_code == 0, done.output
    assert "Valley" in there.read_text()
