import { table } from "../support/table.ts";

export const dates = table(
  "Dates",
  String.raw`
todate, gmtime, (gmtime | mktime)
  0 => "1970-01-01T00:00:00Z" [1970,0,1,0,0,0,4,0] 0
  1425599621 => "2015-03-05T23:53:41Z" [2015,2,5,23,53,41,4,63] 1425599621
  1425599621.678 => "2015-03-05T23:53:41Z" [2015,2,5,23,53,41.67799997329712,4,63] 1425599621
  -1 => "1969-12-31T23:59:59Z" [1969,11,31,23,59,59,3,364] !"invalid gmtime representation"
  253402300799 => "9999-12-31T23:59:59Z" [9999,11,31,23,59,59,5,364] 253402300799
  -62135596800 => "1-01-01T00:00:00Z" [1,0,1,0,0,0,1,0] -62135596800
fromdate, fromdateiso8601
  "2015-03-05T23:53:41Z" => 1425599621 1425599621
  "1969-12-31T23:59:59Z" => !"invalid gmtime representation"
fromdate
  "2015-03-05" => !"date \"2015-03-05\" does not match format \"%Y-%m-%dT%H:%M:%SZ\""
  "2015-03-05T23:53:41.5Z" => !"date \"2015-03-05T23:53:41.5Z\" does not match format \"%Y-%m-%dT%H:%M:%SZ\""
  "x" => !"date \"x\" does not match format \"%Y-%m-%dT%H:%M:%SZ\""
  1 => !"strptime/1 requires string inputs and arguments"
  "2015-03-05T23:53:41+01:00" => !"date \"2015-03-05T23:53:41+01:00\" does not match format \"%Y-%m-%dT%H:%M:%SZ\""
todateiso8601
  1000000000 => "2001-09-09T01:46:40Z"
  "x" => !"strftime/1 requires parsed datetime inputs"
strptime("%Y-%m-%dT%H:%M:%SZ")
  "2015-03-05T23:53:41Z" => [2015,2,5,23,53,41,4,63]
  "2015-03-05" => !"date \"2015-03-05\" does not match format \"%Y-%m-%dT%H:%M:%SZ\""
  "2024-01-01T00:00:00Z" => [2024,0,1,0,0,0,1,0]
strptime("%Y-%m-%d") | mktime | todate
  "2024-02-29" => "2024-02-29T00:00:00Z"
  "2023-12-31" => "2023-12-31T00:00:00Z"
strptime("%d/%m/%y %H:%M")
  "05/03/15 07:08" => [2015,2,5,7,8,0,4,63]
  "31/12/69 00:00" => [1969,11,31,0,0,0,3,364]
  "31/12/68 00:00" => [2068,11,31,0,0,0,1,365]
strptime("%b %d, %Y"), strptime("%B %d %Y")?
  "Mar 5, 2015" => [2015,2,5,0,0,0,4,63]
strptime("%a, %d %b %Y %T")
  "Thu, 05 Mar 2015 23:51:47" => [2015,2,5,23,51,47,4,63]
strptime("%Y-%m-%dT%H:%M:%S%z") | mktime
  "2015-03-05T23:51:47+0100" => 1425599507
  "2015-03-05T23:51:47Z" => 1425599507
strptime("%s") | mktime
  "1425599621" => 1425599621
strptime("%j %Y")
  "064 2015" => [2015,2,5,0,0,0,4,63]
strptime("%I:%M %p") | .[3:5]
  "11:30 PM" => [23,30]
  "12:05 AM" => [0,5]
  "12:05 pm" => [12,5]
strptime("%D")
  "03/05/15" => [2015,2,5,0,0,0,4,63]
strptime("%e %n%H")
  " 5  23" => [1900,0,5,23,0,0,5,4]
strptime(1)
  "x" => !"strptime/1 requires string inputs and arguments"
strptime("%Y")
  1 => !"strptime/1 requires string inputs and arguments"
  "2015" => [2015,0,0,0,0,0,3,-1]
  "20155" => !"date \"20155\" does not match format \"%Y\""
mktime
  [2015,2,5,23,51,47,4,63] => 1425599507
  [2024,0,31,12,0,0.5] => 1706702400
  [1970,0,1] => 0
  [2015,14,45,30,70,80] => 1460704280
  [2015] => 1419984000
  ["x"] => !"mktime requires parsed datetime inputs"
  "x" => !"mktime requires array inputs"
  [2015,2,5,23,51,47.9,4,63] => 1425599507
  [1900,1,29,0,0,0,0,0] => -2203891200
  [2000] => 946598400
  [] => -2209075200
  [2024,1,1] => 1706745600
gmtime
  "x" => !"gmtime() requires numeric inputs"
  null => !"gmtime() requires numeric inputs"
  1000000000000000000 => !"error converting number of seconds since epoch to datetime"
strftime("%Y-%m-%dT%H:%M:%SZ")
  1425599621 => "2015-03-05T23:53:41Z"
  [2015,2,5,23,51,47,4,63] => "2015-03-05T23:51:47Z"
  [2015,2,5,23,51,47.7,4,63] => "2015-03-05T23:51:47Z"
strftime("%A %a %B %b %d %e %j %H %I %p %M %S %y %C %u %w %U %W %V %G %g %D %F %T %R %r %h %n%t%%")
  1425599621 => "Thursday Thu March Mar 05  5 064 23 11 PM 53 41 15 20 4 4 09 09 10 2015 15 03/05/15 2015-03-05 23:53:41 23:53 11:53:41 PM Mar \n\t%"
  1704067200 => "Monday Mon January Jan 01  1 001 00 12 AM 00 00 24 20 1 1 00 01 01 2024 24 01/01/24 2024-01-01 00:00:00 00:00 12:00:00 AM Jan \n\t%"
strftime("%Z %z"), strftime("%s")
  1425599621 => "GMT +0000" "1425599621"
strftime("%c | %x | %X")
  1425599621 => "Thu Mar  5 23:53:41 2015 | 03/05/15 | 23:53:41"
strftime("%k|%l|%P|%E|%5Y|%-d|%_d|%^a")
  1425599621 => "23|11|pm|%E|02015|5| 5|THU"
strftime(""), strftime("plain")
  0 => "" "plain"
strftime(1)
  0 => !"strftime/1 requires a string format"
strftime("%Y")
  "x" => !"strftime/1 requires parsed datetime inputs"
  [] => "1899"
  [1] => "0"
  ["a",1,1,1,1,1,1,1] => !"strftime/1 requires parsed datetime inputs"
  null => !"strftime/1 requires parsed datetime inputs"
  [2024] => "2023"
strftime("%Y-%m-%d")
  -10000000000 => "1653-02-10"
  100000000000 => "5138-11-16"
  [2015,14,45] => "2016-04-14"
[localtime] == [gmtime], strflocaltime("%H:%M %Z %z")
  1425599621 => true "23:53 UTC +0000"
localtime | mktime
  1425599621 => 1425599621
strflocaltime("%Y")
  "x" => !"strflocaltime/1 requires parsed datetime inputs"
strflocaltime(1)
  1 => !"strflocaltime/1 requires a string format"
strflocaltime("%d %H")
  [2015,2,5,23,51,47,4,63] => "05 23"
localtime
  "x" => !"localtime() requires numeric inputs"
strptime("%Y-%m-%d") | strftime("%A")
  "2024-07-04" => "Thursday"
strptime("%Y-%m-%dT%H:%M:%SZ") | strftime("%B %d, %Y")
  "2015-03-05T23:51:47Z" => "March 05, 2015"
strptime("%G-W%V-%u")?
  "2015-W10-4" => [1900,0,0,0,0,0,4,367]
strptime("%Y %U %w")?
  "2015 10 4" => [2015,2,12,0,0,0,4,70]
strptime("%H:%M:%S") | mktime
  "10:11:12" => -2209038528
(.[1] | fromdate) - (.[0] | fromdate) | . / 3600
  ["2024-01-01T00:00:00Z","2024-01-02T12:00:00Z"] => 36
gmtime | .[5]
  1425599621.25 => 41.25
todate
  1425599621.9 => "2015-03-05T23:53:41Z"
  null => !"strftime/1 requires parsed datetime inputs"
  [1] => "0-12-31T00:00:00Z"
strptime("%Y-%m-%d")[6:8]
  "2015-03-05" => [4,63]
  "2016-12-31" => [6,365]
`,
);
