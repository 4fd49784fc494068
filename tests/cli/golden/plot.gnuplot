set terminal svg size 1200,600 font "sans,12" background "white"
set format x "%H:%M:%S"
set xdata time
set timefmt "%s"
set format y "%.0b %BB"
set yrange [0:*]
set grid ytics
set title "Memory by the function that allocated it"
set style fill solid noborder
set xtics nomirror
set autoscale xfix
$data << EOD
1000 0 0 0 12288 16384
1060 0 0 4096 12288 77824
1120 0 0 0 4096 4096
EOD
set key outside right top invert noenhanced reverse Left
plot $data using 1:2:3 with filledcurves lc rgb "#bbbbbb" title 'all others', $data using 1:3:4 with filledcurves lc rgb "#228833" title 'c"_d', $data using 1:4:5 with filledcurves lc rgb "#ee6677" title 'a', $data using 1:5:6 with filledcurves lc rgb "#4477aa" title 'b'
