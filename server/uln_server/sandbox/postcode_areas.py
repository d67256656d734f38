"""The postcode areas of the United Kingdom: post town, county, highest district, weight, region [O].

The weight is about the population in ten thousands. Districts are numbered from 1 on, without the gaps that the
real ones have: a postcode of the sandbox has a valid form, and whether it is in use is chance.
"""

AREAS = """
AB Aberdeen            | Aberdeenshire      | 56 |  48 | Scotland
AL St Albans           | Hertfordshire      | 10 |  25 | England
B  Birmingham          | West Midlands      | 98 | 190 | Cities
BA Bath                | Somerset           | 22 |  44 | England
BB Blackburn           | Lancashire         | 12 |  49 | Cities
BD Bradford            | West Yorkshire     | 24 |  59 | Cities
BH Bournemouth         | Dorset             | 31 |  56 | England
BL Bolton              | Greater Manchester |  9 |  39 | Cities
BN Brighton            | East Sussex        | 45 |  83 | England
BR Bromley             | Greater London     |  8 |  31 | London
BS Bristol             | Bristol            | 49 |  95 | England
BT Belfast             | Antrim             | 94 | 188 | Northern Ireland
CA Carlisle            | Cumbria            | 28 |  32 | England
CB Cambridge           | Cambridgeshire     | 25 |  43 | England
CF Cardiff             | South Glamorgan    | 83 | 102 | Wales
CH Chester             | Cheshire           | 66 |  66 | England
CM Chelmsford          | Essex              | 24 |  67 | England
CO Colchester          | Essex              | 16 |  42 | England
CR Croydon             | Greater London     |  9 |  40 | London
CT Canterbury          | Kent               | 21 |  49 | England
CV Coventry            | West Midlands      | 47 |  87 | Cities
CW Crewe               | Cheshire           | 12 |  32 | England
DA Dartford            | Kent               | 18 |  44 | England
DD Dundee              | Angus              | 11 |  28 | Scotland
DE Derby               | Derbyshire         | 75 |  74 | England
DG Dumfries            | Dumfriesshire      | 16 |  15 | Scotland
DH Durham              | County Durham      |  9 |  31 | England
DL Darlington          | County Durham      | 17 |  38 | England
DN Doncaster           | South Yorkshire    | 41 |  77 | England
DT Dorchester          | Dorset             | 11 |  22 | England
DY Dudley              | West Midlands      | 14 |  41 | Cities
E  London              | Greater London     | 20 | 100 | London
EC London              | Greater London     |  4 |   4 | London
EH Edinburgh           | Midlothian         | 55 |  90 | Scotland
EN Enfield             | Greater London     | 11 |  35 | London
EX Exeter              | Devon              | 39 |  57 | England
FK Falkirk             | Stirlingshire      | 21 |  29 | Scotland
FY Blackpool           | Lancashire         |  8 |  28 | England
G  Glasgow             | Lanarkshire        | 84 | 125 | Scotland
GL Gloucester          | Gloucestershire    | 56 |  63 | England
GU Guildford           | Surrey             | 52 |  73 | England
HA Harrow              | Greater London     |  9 |  49 | London
HD Huddersfield        | West Yorkshire     |  9 |  27 | Cities
HG Harrogate           | North Yorkshire    |  5 |  14 | England
HP Hemel Hempstead     | Hertfordshire      | 27 |  50 | England
HR Hereford            | Herefordshire      |  9 |  18 | England
HS Stornoway           | Western Isles      |  9 |   3 | Scotland
HU Hull                | East Yorkshire     | 20 |  44 | England
HX Halifax             | West Yorkshire     |  7 |  16 | Cities
IG Ilford              | Greater London     | 11 |  36 | London
IP Ipswich             | Suffolk            | 33 |  60 | England
IV Inverness           | Inverness-shire    | 63 |  22 | Scotland
KA Kilmarnock          | Ayrshire           | 30 |  37 | Scotland
KT Kingston upon Thames| Surrey             | 24 |  57 | London
KW Kirkwall            | Orkney             | 17 |   5 | Scotland
KY Kirkcaldy           | Fife               | 16 |  37 | Scotland
L  Liverpool           | Merseyside         | 40 |  85 | Cities
LA Lancaster           | Lancashire         | 23 |  33 | England
LD Llandrindod Wells   | Powys              |  8 |   5 | Wales
LE Leicester           | Leicestershire     | 67 | 101 | Cities
LL Llandudno           | Gwynedd            | 78 |  54 | Wales
LN Lincoln             | Lincolnshire       | 13 |  30 | England
LS Leeds               | West Yorkshire     | 29 |  78 | Cities
LU Luton               | Bedfordshire       |  7 |  34 | Cities
M  Manchester          | Greater Manchester | 46 | 120 | Cities
ME Medway              | Kent               | 20 |  60 | England
MK Milton Keynes       | Buckinghamshire    | 46 |  53 | England
ML Motherwell          | Lanarkshire        | 12 |  39 | Scotland
N  London              | Greater London     | 22 |  82 | London
NE Newcastle upon Tyne | Tyne and Wear      | 71 | 115 | England
NG Nottingham          | Nottinghamshire    | 34 | 113 | England
NN Northampton         | Northamptonshire   | 29 |  67 | England
NP Newport             | Gwent              | 44 |  51 | Wales
NR Norwich             | Norfolk            | 35 |  72 | England
NW London              | Greater London     | 11 |  54 | London
OL Oldham              | Greater Manchester | 16 |  46 | Cities
OX Oxford              | Oxfordshire        | 49 |  63 | England
PA Paisley             | Renfrewshire       | 78 |  33 | Scotland
PE Peterborough        | Cambridgeshire     | 38 |  87 | England
PH Perth               | Perthshire         | 50 |  16 | Scotland
PL Plymouth            | Devon              | 35 |  53 | England
PO Portsmouth          | Hampshire          | 41 |  84 | England
PR Preston             | Lancashire         | 26 |  52 | England
RG Reading             | Berkshire          | 45 |  77 | England
RH Redhill             | Surrey             | 20 |  54 | England
RM Romford             | Greater London     | 20 |  52 | London
S  Sheffield           | South Yorkshire    | 81 | 135 | England
SA Swansea             | West Glamorgan     | 73 |  71 | Wales
SE London              | Greater London     | 28 |  95 | London
SG Stevenage           | Hertfordshire      | 19 |  41 | England
SK Stockport           | Greater Manchester | 23 |  60 | Cities
SL Slough              | Berkshire          |  9 |  38 | Cities
SM Sutton              | Greater London     |  7 |  21 | London
SN Swindon             | Wiltshire          | 26 |  46 | England
SO Southampton         | Hampshire          | 53 |  66 | England
SP Salisbury           | Wiltshire          | 11 |  23 | England
SR Sunderland          | Tyne and Wear      |  8 |  26 | England
SS Southend-on-Sea     | Essex              | 17 |  51 | England
ST Stoke-on-Trent      | Staffordshire      | 21 |  65 | England
SW London              | Greater London     | 20 |  86 | London
SY Shrewsbury          | Shropshire         | 25 |  35 | Wales
TA Taunton             | Somerset           | 24 |  34 | England
TD Galashiels          | Selkirkshire       | 15 |  11 | Scotland
TF Telford             | Shropshire         | 13 |  22 | England
TN Tonbridge           | Kent               | 40 |  70 | England
TQ Torquay             | Devon              | 14 |  30 | England
TR Truro               | Cornwall           | 27 |  31 | England
TS Middlesbrough       | North Yorkshire    | 29 |  60 | England
TW Twickenham          | Greater London     | 20 |  51 | London
UB Southall            | Greater London     | 11 |  40 | London
W  London              | Greater London     | 14 |  53 | London
WA Warrington          | Cheshire           | 16 |  63 | England
WC London              | Greater London     |  2 |   3 | London
WD Watford             | Hertfordshire      | 25 |  27 | England
WF Wakefield           | West Yorkshire     | 17 |  52 | England
WN Wigan               | Greater Manchester |  8 |  32 | England
WR Worcester           | Worcestershire     | 15 |  31 | England
WS Walsall             | West Midlands      | 15 |  45 | Cities
WV Wolverhampton       | West Midlands      | 16 |  41 | Cities
YO York                | North Yorkshire    | 62 |  55 | England
ZE Lerwick             | Shetland           |  3 |   2 | Scotland
"""
