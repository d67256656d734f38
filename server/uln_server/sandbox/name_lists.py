"""The commonest names of those populations for which Faker has no list, or an alphabetical one [O].

The order is near the one in statistics of births and family names, and claims no more. Faker's lists follow where
``populations.py`` says so.
"""

# The commonest given names of children born since 1990, near the order of the statistics of births.
YOUNG_MALE = """
Jack Thomas Joshua James Daniel Harry Oliver Samuel William Joseph Benjamin Matthew Luke Callum George Jake Ryan
Mohammed Liam Lewis Connor Adam Alexander Charlie Jordan Jacob Nathan Dylan Michael Alfie Cameron Kieran Bradley
Jamie Tyler Aaron Ethan Max Owen Ben Noah Leo Oscar Archie Henry Freddie Theo Toby Edward Harvey Logan Reece
Riley Isaac Finley Charles Kyle Lucas Sebastian Louis Mason Elliot Kai Jayden Jude Zachary Tyrone Declan Kane
Jenson
"""
YOUNG_FEMALE = """
Chloe Emily Olivia Jessica Sophie Charlotte Emma Lauren Megan Amy Hannah Bethany Grace Ellie Lucy Rebecca
Georgia Katie Amelia Ella Holly Abigail Molly Mia Eleanor Jade Isabella Paige Caitlin Leah Erin Daisy Freya
Poppy Amber Isla Evie Elizabeth Alice Ava Ruby Shannon Courtney Natasha Imogen Phoebe Maisie Lily Isabelle Zoe
Aimee Summer Rosie Scarlett Niamh Skye Matilda Florence Sienna Keira Libby Francesca Martha Harriet Darcey Lola
Kayleigh Tia
"""
WELSH_MALE = """
Rhys Dylan Gareth Owain Ieuan Dafydd Huw Iwan Ifan Evan Osian Gethin Steffan Emyr Alun Hywel Geraint Aled Gwilym
Rhodri Llyr Tomos Cai Macsen Gruffydd Ioan Morgan Gwyn Elis Siôn Aneurin Idris Bryn Dewi Emlyn Tudur Llewellyn
"""
WELSH_FEMALE = """
Megan Siân Cerys Carys Ffion Bethan Catrin Rhiannon Nia Seren Angharad Lowri Elin Efa Mali Gwen Eleri Heledd Non
Ceri Nerys Delyth Menna Bronwen Llinos Eirlys Gwenllian Cadi Tegan Branwen Alys Myfanwy Olwen Glenys Haf Mared
"""
WELSH_FAMILY = """
Jones Williams Davies Evans Thomas Roberts Lewis Hughes Morgan Griffiths Edwards Owen James Rees Price Jenkins
Morris Phillips Richards Lloyd Parry Harris Powell Davis Watkins Bowen Ellis Rowlands Pritchard Humphreys
Howells Bevan John Probert Llewellyn Vaughan Prosser Pugh Beynon Meredith Gwilliam Protheroe Samuel Gethin Tudor
Rhydderch
"""
SCOTTISH_MALE = """
Callum Cameron Fraser Euan Craig Ross Hamish Angus Iain Alasdair Duncan Finlay Rory Gregor Stuart Blair Lachlan
Ruaridh Struan Murdo Malcolm Fergus Innes Gordon Kenneth Donald Graeme Scott Brodie Hamza
"""
SCOTTISH_FEMALE = """
Eilidh Isla Kirsty Catriona Mhairi Morag Skye Iona Fiona Ailsa Rhona Shona Lorna Heather Lesley Aileen Eilish
Mairi Isobel Morven Flora Elspeth Sheena Senga Ishbel Beathag Kirsten Catherine Lynsey Marsaili
"""
SCOTTISH_FAMILY = """
Smith Brown Wilson Campbell Stewart Thomson Robertson Anderson Scott MacDonald Murray Reid Taylor Clark Ross
Young Mitchell Watson Paterson Morrison Fraser Graham Davidson Gray Hamilton Henderson Johnston McDonald Kerr
Martin Ferguson Cameron Duncan Bell Grant Simpson MacLeod Allan Hunter Mackenzie McKenzie Mackay McLean MacLean
Sutherland Sinclair Wallace Kennedy Gibson Marshall Gordon Burns Craig Muir Munro Ritchie Crawford Jamieson
McMillan Docherty Gallacher McAllister McIntyre Buchanan Lindsay Drummond Gillespie Forbes Innes Galbraith
Urquhart Farquharson
"""
IRISH_MALE = """
Conor Sean Patrick Liam Ciaran Aidan Cian Oisín Declan Eoin Niall Cillian Darragh Fionn Brendan Donal Kevin Colm
Rory Eamon Seamus Padraig Tadhg Ronan Cathal Cormac Diarmuid Fergal Dermot Gerard Brian Michael John James
"""
IRISH_FEMALE = """
Aoife Niamh Ciara Saoirse Sinéad Caoimhe Róisín Siobhán Orla Clodagh Fionnuala Gráinne Maeve Deirdre Bridget
Nuala Mary Kathleen Eileen Maureen Bernadette Aisling Éabha Sadhbh Eimear Dearbhla Bronagh Una Noreen Ann
"""
IRISH_FAMILY = """
Murphy Kelly O'Sullivan Walsh Smith O'Brien Byrne Ryan O'Connor O'Neill O'Reilly Doyle McCarthy Gallagher
O'Doherty Kennedy Lynch Murray Quinn Moore McLaughlin O'Carroll Connolly Daly O'Connell Wilson Dunne Brennan
Burke Collins Campbell Clarke Johnston Hughes O'Farrell Fitzgerald Brown Martin Maguire Nolan Flynn Thompson
O'Callaghan O'Donnell Duffy O'Mahony Boyle Healy O'Shea White Sweeney Hayes Kavanagh Power McGrath Moran Brady
Stewart Casey Foley Fitzpatrick O'Leary McDonnell MacMahon Donnelly Regan Donovan Burns Flanagan Mullan Barry
Kane Robinson Cunningham
"""
MUSLIM_MALE = """
Mohammed Muhammad Ali Ahmed Hamza Ibrahim Yusuf Hassan Omar Bilal Usman Imran Adam Zain Haris Amir Abdullah Umar
Hussain Kamran Asif Tariq Shahid Nadeem Rashid Khalid Zubair Faisal Junaid Salman Shahzad Waqas Iqbal Mahmood
Saqib Adnan Sajid Tahir Rizwan Naveed Ismail Idris Musa Mustafa Ayaan Rayyan Zayn Aziz Rahim Karim Shafiq Anwar
"""
MUSLIM_FEMALE = """
Fatima Aisha Maryam Zainab Khadija Sana Amina Hafsa Sara Iqra Saima Nadia Shabana Shazia Rukhsana Nasreen
Farzana Samina Yasmin Zara Ayesha Sumaya Humaira Tahira Noreen Parveen Rabia Mehwish Bushra Uzma Asma Anisa
Halima Rahima Shabnam Nazia Sadia Noor Alisha Aleena Inaya Hiba Safiya Ruqayyah Sultana Tasnim Nusrat Jannat
Rehana Kausar
"""
MUSLIM_FAMILY = """
Khan Ahmed Hussain Ali Begum Akhtar Iqbal Mahmood Malik Miah Uddin Rahman Bibi Hussein Mohammed Shah Islam Ahmad
Aslam Chowdhury Choudhury Sheikh Mirza Qureshi Butt Rashid Khatun Kauser Raja Javed Saleem Aziz Hassan Haque
Anwar Karim Alam Siddiqui Chaudhry Mahmud Rehman Arshad Younis Nawaz Sadiq Zaman Farooq Shaikh Bashir Bhatti
Parveen Rafiq
"""
INDIAN_FAMILY = """
Patel Singh Sharma Shah Kumar Gill Desai Mistry Sandhu Dhillon Joshi Mehta Sidhu Gupta Dhaliwal Verma Parmar
Solanki Grewal Chauhan Bhatt Sahota Bains Nair Thomas Reddy Rao Das Kapoor Malhotra Johal Virdee Lad Chopra
Trivedi Pandya
"""
CHINESE_MALE = """
Wei Jun Ming Hao Jason Kevin Kai Chun Wing Lok Siu Tsz Jian Yi Bo Feng Leung Ho Alan Raymond Vincent Zihan
Yuxuan
"""
CHINESE_FEMALE = """
Mei Li Ying Jing Xin Yan Hui Grace Joyce Wing Yee Sze Lai Fong Ling Na Yu Xiu Vivian Winnie Cherry Yuhan Zixuan
"""
CHINESE_FAMILY = """
Wang Chan Li Wong Zhang Chen Liu Cheung Lee Lam Yang Lau Huang Ng Zhao Leung Wu Ho Zhou Cheng Xu Yip Sun Tang Ma
Zhu Tsang Hu Guo Lin Kwok He Gao Fung Luo Zheng Chow Liang Xie Tse Song Yuen Deng Han Feng Cao Peng Zeng Xiao
Tian Mak Lo
"""
EAST_AFRICAN_MALE = """
Mohamed Abdi Ahmed Hassan Ibrahim Abdirahman Omar Yusuf Ismail Abdullahi Mahad Liban Guled Bashir Daud Hamza
Zakaria Samuel Daniel Yonas Dawit Abel Filmon Robel Tesfay Mehari Bereket Henok Brian Kevin Dennis Collins
"""
EAST_AFRICAN_FEMALE = """
Fadumo Amina Hodan Sahra Halima Ifrah Ayan Hibo Maryan Nasra Ubah Khadra Idil Sagal Asha Deqa Zeinab Hamdi Ikran
Rahel Selam Helen Eden Bethlehem Feven Luwam Hiwot Faith Mercy Sharon Purity
"""
EAST_AFRICAN_FAMILY = """
Mohamed Ali Ahmed Hassan Abdi Hussein Ibrahim Omar Yusuf Osman Warsame Farah Jama Adan Nur Abdullahi Ismail
Duale Tesfay Haile Tekle Gebremariam Berhane Kidane Otieno Mwangi
"""
