# Look data up
pwd
ls
psql -Atc 'select version()' | cut -d' ' -f1
psql -Atc 'select count(*) from customers'
psql -c 'select id, name from customers order by id limit 2'
psql -Atc "select id from customers where name like 'Ada%'"
psql -Atc 'select name from customers' | sort
psql -Atc 'select name from customers' | wc -l
psql -Atc 'select name from customers order by id' > names.txt
wc -l names.txt
head -n 1 names.txt
grep -c Grace names.txt
sort -r names.txt > sorted.txt
cut -d- -f1 sorted.txt | sort -u
psql -At -c "copy customers to stdout with csv header" > customers.csv
awk -F, 'NR > 1 { print $1 }' customers.csv
psql -Atc 'select name from customers' | python3 -c 'import sys; print(len(sys.stdin.readlines()))'
psql -Atc 'select max(id) from customers' > /tmp/highest; cat /tmp/highest
rm sorted.txt

# Fix code
git config --global user.name Ann
git config --global user.email ann@corp.example
git clone -q $CODE/tool.git
cd tool
git log --oneline | wc -l
git status --short
cat report.py
python3 report.py 3
make -s test
git checkout -q -b fix
sed -i 's/totl/total/' report.py
git diff --stat
python3 report.py 3
make -s test
git add report.py
git commit -qm 'Spell total'

# Push it
git push -q origin fix
git fetch -q
git log --format=%s -1 origin/fix

# Download a library
curl -sf $CODE/lib-1.0.tar.gz -o lib-1.0.tar.gz
tar tzf lib-1.0.tar.gz
tar xzf lib-1.0.tar.gz
cp lib-1.0/lib.py lib.py
python3 -c 'import lib; print(lib.double(21))'
rm -r lib-1.0 lib-1.0.tar.gz
git add lib.py && git commit -qm 'The library'

# Run a migration
cat migrations/001.sql
psql -q -f migrations/001.sql
psql -Atc 'select count(*) from customers where active'
echo 'alter table customers add column seen date;' > migrations/002.sql
psql -q < migrations/002.sql
psql -Atc "select column_name from information_schema.columns where table_name = 'customers' order by ordinal_position"
psql -c "update customers set seen = '2026-01-01' where id = 1"
psql -Atc 'select count(*) from customers where seen is not null'
git add migrations && git commit -qm 'When a customer was seen'
git push -q origin fix
pg_dump --schema-only -t customers > ../schema.sql
grep -c 'CREATE TABLE' ../schema.sql

# Report a figure, and tidy up
cd ..
psql -Atc 'select name from customers' | count
psql -Atc 'select name from customers where active' | count | curl -sf -T - $CODE/figures
tar czf exports.tgz names.txt customers.csv
shellguard run --in db -- sh -c 'wc -l < customers.csv'
git -C tool log --format=%s -3
rm names.txt customers.csv exports.tgz schema.sql
ls
